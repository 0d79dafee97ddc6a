import { type Browser, expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

// The tests follow one user: each continues where the last one ended.
test.describe.configure({ mode: 'serial', timeout: 180_000 })

let server: RosterServer
let admin: Page
let foreignRequests: string[]
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server, { permissions: ['clipboard-read', 'clipboard-write'] })
  foreignRequests = watchForeignRequests(admin, server.address)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

/** A toast with this text. Screen readers get a second copy of the text, which this excludes. */
const toast = (text: string) => admin.getByRole('listitem').filter({ hasText: text })
/** A section of a user's page, by its heading. */
const section = (name: string, page = admin) => page.getByRole('region', { name, exact: true })
const dialog = (name: string | RegExp) => admin.getByRole('dialog', { name })

/** Opens a URL in a new browser without a session. */
async function openAnonymous(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(address)
  return page
}
async function openAdd(): Promise<void> {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: 'Add User' }).first().click()
  await expect(dialog('Add User').getByLabel('Username')).toBeFocused()
}
async function openMenu(name: string): Promise<void> {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: `Actions for ${name}` }).click()
  await expect(admin.getByRole('menu')).toBeVisible()
}

test('adds a user with a password, shows the sign-in details once, and the user signs in with them', async ({
  browser,
}) => {
  await addWorkspace(admin, 'Research')
  await addWorkspace(admin, 'Sales')
  await openAdd()
  const add = dialog('Add User')
  await noFindingsInBothThemes(admin)

  await add.getByRole('button', { name: 'Add User' }).click()
  await expect(add.getByText('Enter a username.')).toBeVisible()
  await expect(add.getByLabel('Username')).toBeFocused()
  await add.getByLabel('Username').fill('admin')
  await add.getByRole('button', { name: 'Generate' }).click()
  const password = await add.getByLabel('Password', { exact: true }).inputValue()
  expect(password).toHaveLength(20)
  await add.getByLabel('Display name').fill('John Doe')
  await add.getByLabel('About').fill('Sells.')
  await expect(add.getByText('6 / 1,000')).toBeVisible()
  await add.getByRole('combobox', { name: 'Find workspaces' }).fill('sal')
  await expect(add.getByRole('option')).toHaveCount(1)
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Enter')
  await expect(add.getByRole('list', { name: 'Selected workspaces' })).toHaveText('Sales')
  await admin.keyboard.press('Escape')
  await expect(add).toBeVisible()
  await add.getByLabel('Role').click()
  await expect(admin.getByRole('option', { name: /^Manager/u })).toContainText('Manages the users')
  await admin.keyboard.press('ArrowDown')
  await admin.keyboard.press('Enter')
  await expect(add.getByLabel('Role')).toHaveText('Manager')
  await add.getByLabel('Role').press('Enter')
  await admin.getByRole('option', { name: /^Default User/u }).click()
  await expect(add.getByLabel('Role')).toHaveText('Default User')
  await add.getByRole('button', { name: 'Advanced Options' }).click()
  await add.getByRole('switch', { name: 'Daily Message Limit' }).click()
  await expect(add.getByLabel('Messages per day')).toHaveValue('10')
  await add.getByLabel('Messages per day').fill('0')
  await add.getByRole('button', { name: 'Add User' }).click()
  await expect(add.getByText('Enter a whole number, 1 or higher.')).toBeVisible()
  await expect(add.getByLabel('Messages per day')).toBeFocused()
  await add.getByLabel('Messages per day').fill('10')

  // A taken username shows beside its field, and the input stays.
  await add.getByRole('button', { name: 'Add User' }).click()
  await expect(add.getByText('The name “admin” is taken.')).toBeVisible()
  await expect(add.getByLabel('Username')).toBeFocused()
  await expect(add.getByLabel('Password', { exact: true })).toHaveValue(password)
  await add.getByLabel('Username').fill('john.doe')
  await add.getByRole('button', { name: 'Add User' }).dblclick()

  const details = dialog('John Doe added')
  await expect(details.getByText(password)).toBeVisible()
  await noFindingsInBothThemes(admin)
  await details.getByRole('button', { name: 'Copy sign-in details' }).click()
  expect(await admin.evaluate(() => navigator.clipboard.readText())).toBe(
    `Address: ${server.address}\nUsername: john.doe\nPassword: ${password}`,
  )
  // Escape and a click outside must not close details that are shown once.
  await admin.keyboard.press('Escape')
  await admin.mouse.click(5, 5)
  await expect(details).toBeVisible()
  await details.getByRole('button', { name: 'Done' }).click()
  await expect(details).toBeHidden()
  await expect(admin.getByRole('link', { name: 'John Doe' })).toHaveCount(1)
  expect(await admin.content()).not.toContain(password)
  expect(admin.url()).not.toContain(password)

  const john = await openAnonymous(browser, server.address)
  await john.getByLabel('Username').fill('john.doe')
  await john.getByLabel('Password', { exact: true }).fill(password)
  await john.getByRole('button', { name: 'Sign in' }).click()
  await expect(john.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await john.getByLabel('New password').fill(PASSWORD)
  await john.getByRole('button', { name: 'Save and continue' }).click()
  await expect(john.getByRole('main').getByRole('link', { name: 'Sales', exact: true })).toBeVisible()
})

test('adds a user with a one-time link, which works once', async ({ browser }) => {
  await openAdd()
  const add = dialog('Add User')
  await add.getByLabel('Username').fill('jane.roe')
  await add.getByRole('radio', { name: /With a one-time link/u }).check()
  await expect(add.getByLabel('Password', { exact: true })).toBeHidden()
  await add.getByRole('button', { name: 'Add User' }).click()
  const details = dialog('jane.roe added')
  const link = await details.getByText(`${server.address}/link#`).textContent()
  await expect(details.getByText('Expires', { exact: true })).toBeVisible()
  await details.getByRole('button', { name: 'Done' }).click()

  const jane = await openAnonymous(browser, link ?? '')
  await jane.getByLabel('New password').fill(PASSWORD)
  await jane.getByRole('button', { name: /sign in/iu }).click()
  await expect(jane.getByRole('navigation', { name: 'Navigation' })).toBeVisible()
  const late = await openAnonymous(browser, link ?? '')
  await expect(late.getByText('This link no longer works', { exact: false })).toBeVisible()
})

test('asks before leaving discards the input', async () => {
  await openAdd()
  await dialog('Add User').getByLabel('Username').fill('half.typed')
  await admin.goBack()
  await expect(dialog('Close without adding the user?')).toBeVisible()
  await dialog('Close without adding the user?').getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog('Add User').getByLabel('Username')).toHaveValue('half.typed')
  await admin.keyboard.press('Escape')
  await dialog('Close without adding the user?').getByRole('button', { name: 'Discard' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
})

test('edits a profile, shows a conflict, and applies the chosen value per field', async ({ browser }) => {
  await addUser(admin, 'second.admin', { role: 'administrator' })
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('link', { name: 'John Doe' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'John Doe' })).toBeVisible()
  await noFindingsInBothThemes(admin)

  const other = await signIn(browser, server, 'second.admin')
  await other.goto(admin.url())
  await section('Profile').getByLabel('About').fill('Sells a lot.')
  await section('Profile').getByLabel('Display name').fill('Johnny')
  await section('Profile', other).getByLabel('Display name').fill('J. Doe')
  await section('Profile', other).getByLabel('About').fill('Sells things.')
  await section('Profile', other).getByRole('button', { name: 'Save Changes' }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'J. Doe' })).toBeVisible()
  await expect(admin.getByRole('heading', { level: 1, name: 'J. Doe' })).toBeVisible()
  await expect(section('Profile').getByLabel('Display name')).toHaveValue('Johnny')

  await section('Profile').getByRole('button', { name: 'Save Changes' }).click()
  await expect(admin.getByText('second.admin saved changes while you were editing.')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin
    .getByRole('group', { name: 'About' })
    .getByRole('radio', { name: /^Use their value/u })
    .check()
  await section('Profile').getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast('Profile of Johnny saved')).toBeVisible()
  await expect(section('Profile', other).getByLabel('Display name')).toHaveValue('Johnny')
  await expect(section('Profile', other).getByLabel('About')).toHaveValue('Sells things.')
  await expect(section('Account').getByText('by admin')).toHaveCount(2)
  await other.context().close()
})

test('changes role and limit with Undo, and keeps a value that changed again', async () => {
  const role = section('Role')
  await role.getByRole('combobox', { name: 'Role' }).click()
  await admin.getByRole('option', { name: /^Manager/u }).click()
  await role.getByRole('button', { name: 'Save role' }).click()
  await expect(toast('Role of Johnny changed to Manager')).toBeVisible()
  await toast('Role of Johnny changed to Manager').getByRole('button', { name: 'Undo' }).click()
  await expect(role.getByRole('combobox', { name: 'Role' })).toHaveText('Default User')

  const limit = section('Daily Message Limit')
  await limit.getByLabel('Messages per day').fill('25')
  await limit.getByRole('button', { name: 'Save limit' }).click()
  await expect(toast('Limit for Johnny set to 25 messages per day')).toBeVisible()
  // Another administrator changes the limit again. Undo keeps that value and says so.
  const userId = new URL(admin.url()).pathname.split('/').at(-1)
  expect((await call(admin, 'user.setLimit', { userId, dailyLimit: 30, expected: 25 })).status).toBe(200)
  await toast('Limit for Johnny set to 25 messages per day').getByRole('button', { name: 'Undo' }).click()
  await expect(toast('The daily limit has since been changed to 30.')).toBeVisible()
  await expect(limit.getByLabel('Messages per day')).toHaveValue('30')
})

test('adds a user to a workspace and removes them, with Undo', async () => {
  const tabs = admin.getByRole('navigation', { name: 'User page' })
  await tabs.getByRole('link', { name: /^Workspaces/u }).click()
  const workspaces = section('Workspaces')
  await workspaces.getByRole('combobox', { name: 'Add to a workspace' }).fill('res')
  await expect(workspaces.getByRole('option', { name: /Research/u })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Enter')
  await expect(workspaces.getByRole('link', { name: 'Research' })).toBeVisible()
  await expect(toast('Added to “Research”')).toBeVisible()
  await workspaces.getByRole('button', { name: 'Remove from “Sales”' }).click()
  await expect(workspaces.getByRole('link', { name: 'Sales' })).toBeHidden()
  await toast('Removed from “Sales”').getByRole('button', { name: 'Undo' }).click()
  await expect(workspaces.getByRole('link', { name: 'Sales' })).toBeVisible()
  await workspaces.getByRole('link', { name: 'Research' }).click()
  await expect(admin.getByRole('table', { name: 'Members' }).getByText('Johnny')).toBeVisible()
  await admin.goBack()
  await tabs.getByRole('link', { name: 'Profile' }).click()
})

test('shows a set password and a new link once, and ends earlier sessions', async ({ browser }) => {
  const john = await signIn(browser, server, 'john.doe')
  const signInSection = section('Sign-in')
  await signInSection.getByRole('button', { name: 'Set password' }).click()
  await expect(dialog('Set password').getByText('This signs the user out everywhere', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await dialog('Set password').getByRole('button', { name: 'Generate' }).click()
  const password = await dialog('Set password').getByLabel('Password', { exact: true }).inputValue()
  await dialog('Set password').getByRole('button', { name: 'Set password' }).click()
  await expect(dialog('Password set').getByText(password)).toBeVisible()
  await expect(john.getByText('set a new password for you', { exact: false })).toBeVisible()
  await dialog('Password set').getByRole('button', { name: 'Done' }).click()
  await expect(signInSection.getByText('must be changed at next sign-in')).toBeVisible()
  await expect(signInSection.getByRole('button', { name: 'Sign out everywhere' })).toHaveAttribute(
    'aria-description',
    'Not signed in on any device.',
  )

  await signInSection.getByRole('button', { name: 'Create one-time sign-in link' }).click()
  await noFindingsInBothThemes(admin)
  await dialog('Create one-time sign-in link').getByRole('button', { name: 'Create link' }).click()
  await expect(dialog('One-time link for Johnny').getByText('/link#')).toBeVisible()
  await dialog('One-time link for Johnny').getByRole('button', { name: 'Done' }).click()
})

test('signs a user out, suspends and reactivates from the row menu', async ({ browser }) => {
  const jane = await signIn(browser, server, 'jane.roe')
  await openMenu('jane.roe')
  await noFindingsInBothThemes(admin)
  await admin.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  await noFindingsInBothThemes(admin)
  await dialog('Sign jane.roe out everywhere?').getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(jane).toHaveURL(/sign-in/u)
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  await expect(admin.getByRole('button', { name: 'Actions for jane.roe' })).toBeFocused()

  await openMenu('jane.roe')
  await admin.getByRole('menuitem', { name: 'Suspend' }).click()
  await expect(toast('jane.roe suspended')).toBeVisible()
  await expect(admin.getByRole('row', { name: /jane\.roe/u }).getByText('Suspended', { exact: true })).toBeVisible()
  await toast('jane.roe suspended').getByRole('button', { name: 'Undo' }).click()
  await expect(admin.getByRole('row', { name: /jane\.roe/u }).getByText('Active', { exact: true })).toBeVisible()
})

test('disables actions on the own row, with the reason', async () => {
  await admin.goto(`${server.address}/settings/users`)
  const button = admin.getByRole('button', { name: 'Actions for Ada Berg' })
  await button.focus()
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('menuitem', { name: 'Edit' })).toBeFocused()
  await admin.keyboard.press('ArrowDown')
  await expect(admin.getByRole('menuitem', { name: 'Set password' })).toBeFocused()
  await expect(admin.getByRole('menuitem', { name: 'Set password' })).toHaveAttribute(
    'aria-description',
    'You can’t do this to your own account.',
  )
  await expect(admin.getByRole('menuitem', { name: 'Suspend' })).toHaveAttribute(
    'aria-description',
    'You can’t do this to your own account.',
  )
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('menu')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(button).toBeFocused()
})

test('shows an administrator read-only to a manager, and links the own page to the settings', async ({ browser }) => {
  await addUser(admin, 'amara', { role: 'manager', displayName: 'Amara Okafor' })
  const amara = await signIn(browser, server, 'amara')
  await amara.goto(`${server.address}/settings/users`)
  await amara.getByRole('link', { name: 'Ada Berg' }).click()
  await expect(amara.getByText('Only an administrator can change an administrator.')).toHaveCount(1)
  await expect(section('Profile', amara).getByRole('textbox')).toHaveCount(0)
  await expect(amara.getByRole('button', { name: /Suspend|Delete|Set password|Save/u })).toHaveCount(0)
  await noFindingsInBothThemes(amara)
  await amara.getByRole('link', { name: 'Why not?' }).click()
  await expect(amara.getByText('No, Amara Okafor can’t do this.')).toBeVisible()
  await expect(amara.getByText('Ada Berg has a higher role.')).toBeVisible()

  await amara.goto(`${server.address}/settings/users`)
  await amara.getByRole('link', { name: 'Amara Okafor' }).click()
  await noFindingsInBothThemes(amara)
  await amara.getByRole('main').getByRole('link', { name: 'Personal' }).click()
  await expect(amara).toHaveURL(/\/settings\/personal$/u)
  await amara.goto(`${server.address}/settings/users/00000000-0000-7000-8000-000000000000`)
  await expect(amara.getByText('This user doesn’t exist', { exact: false })).toBeVisible()
})

test('shows a suspension, asks for the username before deleting, and updates another console', async ({ browser }) => {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('link', { name: 'jane.roe' }).click()
  await section('Suspend').getByRole('button', { name: 'Suspend' }).click()
  await expect(admin.getByText('jane.roe is suspended and can’t sign in', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  const other = await signIn(browser, server, 'second.admin')
  await other.goto(admin.url())
  await expect(other.getByRole('heading', { level: 1, name: 'jane.roe' })).toBeVisible()

  await admin.getByRole('button', { name: 'Delete user' }).click()
  const deleting = dialog('Delete jane.roe?')
  await expect(deleting.getByText('memberships and open invitations', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await deleting.getByLabel('Type jane.roe to confirm').fill('jane')
  await deleting.getByRole('button', { name: 'Delete user' }).click()
  await expect(deleting.getByText('That doesn’t match. Check the spelling.')).toBeVisible()
  await deleting.getByLabel('Type jane.roe to confirm').fill('jane.roe')
  await admin.keyboard.press('Enter')
  await expect(admin).toHaveURL(/\/settings\/users$/u)
  await expect(admin.getByRole('link', { name: 'jane.roe' })).toHaveCount(0)
  await expect(other.getByText('The user may have been deleted.', { exact: false })).toBeVisible()
  expect(foreignRequests).toEqual([])
})
