import { type Browser, expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

// One person's story: each part goes on where the one before ended.
test.describe.configure({ mode: 'serial', timeout: 180_000 })

let server: RosterServer
let admin: Page
let strangers: string[]
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server, { permissions: ['clipboard-read', 'clipboard-write'] })
  strangers = watchForeignRequests(admin, server.address)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

/** The notice in the corner that says this; a screen reader is told the same a second time. */
const notice = (text: string) => admin.getByRole('listitem').filter({ hasText: text })
/** A section of a person's page, by its heading. */
const section = (name: string, page = admin) => page.getByRole('region', { name, exact: true })
const dialog = (name: string | RegExp) => admin.getByRole('dialog', { name })

/** A new visitor's page at an address of the server. */
async function stranger(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(address)
  return page
}
async function openAdd(): Promise<void> {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: 'Add user' }).first().click()
  await expect(dialog('Add user').getByLabel('Username')).toBeFocused()
}
async function openMenu(name: string): Promise<void> {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: `Actions for ${name}` }).click()
  await expect(admin.getByRole('menu')).toBeVisible()
}

test('an administrator adds a user with a password, whose sign-in details are shown once and let them in', async ({ browser }) => {
  await addWorkspace(admin, 'Research')
  await addWorkspace(admin, 'Sales')
  await openAdd()
  const add = dialog('Add user')
  await noFindingsInBothThemes(admin)

  await add.getByRole('button', { name: 'Add user' }).click()
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
  await expect(add.getByRole('list', { name: 'Chosen workspaces' })).toHaveText('Sales')
  await admin.keyboard.press('Escape')
  await expect(add).toBeVisible()
  await add.getByRole('button', { name: 'Advanced' }).click()
  await add.getByRole('switch', { name: 'Limit daily messages' }).click()
  await expect(add.getByLabel('Messages a day')).toHaveValue('10')
  await add.getByLabel('Messages a day').fill('0')
  await add.getByRole('button', { name: 'Add user' }).click()
  await expect(add.getByText('Enter a whole number, 1 or higher.')).toBeVisible()
  await expect(add.getByLabel('Messages a day')).toBeFocused()
  await add.getByLabel('Messages a day').fill('10')

  // A name that is taken: told beside the field, and nothing typed is lost.
  await add.getByRole('button', { name: 'Add user' }).click()
  await expect(add.getByText('The name “admin” is taken.')).toBeVisible()
  await expect(add.getByLabel('Username')).toBeFocused()
  await expect(add.getByLabel('Password', { exact: true })).toHaveValue(password)
  await add.getByLabel('Username').fill('john.doe')
  await add.getByRole('button', { name: 'Add user' }).dblclick()

  const once = dialog('John Doe was added')
  await expect(once.getByText(password)).toBeVisible()
  await noFindingsInBothThemes(admin)
  await once.getByRole('button', { name: 'Copy sign-in details' }).click()
  expect(await admin.evaluate(() => navigator.clipboard.readText())).toBe(`Address: ${server.address}\nUsername: john.doe\nPassword: ${password}`)
  // Escape and a click beside it don't take away what nobody will see again.
  await admin.keyboard.press('Escape')
  await admin.mouse.click(5, 5)
  await expect(once).toBeVisible()
  await once.getByRole('button', { name: 'Done' }).click()
  await expect(once).toBeHidden()
  await expect(admin.getByRole('link', { name: 'John Doe' })).toHaveCount(1)
  expect(await admin.content()).not.toContain(password)
  expect(admin.url()).not.toContain(password)

  const john = await stranger(browser, server.address)
  await john.getByLabel('Username').fill('john.doe')
  await john.getByLabel('Password', { exact: true }).fill(password)
  await john.getByRole('button', { name: 'Sign in' }).click()
  await expect(john.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await john.getByLabel('New password').fill(PASSWORD)
  await john.getByRole('button', { name: 'Save and continue' }).click()
  await expect(john.getByRole('main').getByRole('link', { name: 'Sales', exact: true })).toBeVisible()
})

test('an administrator adds a user with a one-time link, which works once', async ({ browser }) => {
  await openAdd()
  const add = dialog('Add user')
  await add.getByLabel('Username').fill('jane.roe')
  await add.getByRole('radio', { name: /With a one-time link/u }).check()
  await expect(add.getByLabel('Password', { exact: true })).toBeHidden()
  await add.getByRole('button', { name: 'Add user' }).click()
  const once = dialog('jane.roe was added')
  const link = await once.getByText(`${server.address}/link#`).textContent()
  await expect(once.getByText('Works until')).toBeVisible()
  await once.getByRole('button', { name: 'Done' }).click()

  const jane = await stranger(browser, link ?? '')
  await jane.getByLabel('New password').fill(PASSWORD)
  await jane.getByRole('button', { name: /sign in/iu }).click()
  await expect(jane.getByRole('navigation', { name: 'Navigation' })).toBeVisible()
  const late = await stranger(browser, link ?? '')
  await expect(late.getByText('This link no longer works', { exact: false })).toBeVisible()
})

test('what was typed is not thrown away by leaving without having been asked', async () => {
  await openAdd()
  await dialog('Add user').getByLabel('Username').fill('half.typed')
  await admin.goBack()
  await expect(dialog('Close without adding?')).toBeVisible()
  await dialog('Close without adding?').getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog('Add user').getByLabel('Username')).toHaveValue('half.typed')
  await admin.keyboard.press('Escape')
  await dialog('Close without adding?').getByRole('button', { name: 'Discard' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
})

test('a person’s page edits their profile; a newer save from elsewhere is shown, and mine or theirs is taken by field', async ({ browser }) => {
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
  await section('Profile', other).getByRole('button', { name: 'Save changes' }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'J. Doe' })).toBeVisible()
  await expect(admin.getByRole('heading', { level: 1, name: 'J. Doe' })).toBeVisible()
  await expect(section('Profile').getByLabel('Display name')).toHaveValue('Johnny')

  await section('Profile').getByRole('button', { name: 'Save changes' }).click()
  await expect(admin.getByText('second.admin saved changes while you were editing.')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin
    .getByRole('group', { name: 'About' })
    .getByRole('radio', { name: /^Use their value/u })
    .check()
  await section('Profile').getByRole('button', { name: 'Save changes' }).click()
  await expect(notice('Profile saved')).toBeVisible()
  await expect(section('Profile', other).getByLabel('Display name')).toHaveValue('Johnny')
  await expect(section('Profile', other).getByLabel('About')).toHaveValue('Sells things.')
  await expect(section('Account').getByText('by admin')).toHaveCount(2)
  await other.context().close()
})

test('role and limit are changed and taken back; what was changed meanwhile is told', async () => {
  const role = section('Role')
  await role.getByRole('radio', { name: /^Manager/u }).check()
  await role.getByRole('button', { name: 'Save role' }).click()
  await expect(notice('Johnny is now: Manager')).toBeVisible()
  await notice('Johnny is now: Manager').getByRole('button', { name: 'Undo' }).click()
  await expect(role.getByRole('radio', { name: /^Default User/u })).toBeChecked()

  const limit = section('Daily limit')
  await limit.getByLabel('Messages a day').fill('25')
  await limit.getByRole('button', { name: 'Save limit' }).click()
  await expect(notice('Johnny now has 25 messages a day')).toBeVisible()
  // Somebody else sets another one; the Undo leaves that alone and says so.
  const userId = new URL(admin.url()).pathname.split('/').at(-1)
  expect((await call(admin, 'user.setLimit', { userId, dailyLimit: 30, expected: 25 })).status).toBe(200)
  await notice('Johnny now has 25 messages a day').getByRole('button', { name: 'Undo' }).click()
  await expect(notice('The daily limit has since been changed to 30.')).toBeVisible()
  await expect(limit.getByLabel('Messages a day')).toHaveValue('30')
})

test('from their page a person is put into a workspace and taken out, with Undo', async () => {
  const parts = admin.getByRole('navigation', { name: 'Parts of this person’s page' })
  await parts.getByRole('link', { name: /^Workspaces/u }).click()
  const workspaces = section('Workspaces')
  await workspaces.getByRole('combobox', { name: 'Add to a workspace' }).fill('res')
  await expect(workspaces.getByRole('option', { name: /Research/u })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Enter')
  await expect(workspaces.getByRole('link', { name: 'Research' })).toBeVisible()
  await expect(notice('Added to “Research”')).toBeVisible()
  await workspaces.getByRole('button', { name: 'Remove from “Sales”' }).click()
  await expect(workspaces.getByRole('link', { name: 'Sales' })).toBeHidden()
  await notice('Removed from “Sales”').getByRole('button', { name: 'Undo' }).click()
  await expect(workspaces.getByRole('link', { name: 'Sales' })).toBeVisible()
  await workspaces.getByRole('link', { name: 'Research' }).click()
  await expect(admin.getByRole('table', { name: 'Members' }).getByText('Johnny')).toBeVisible()
  await admin.goBack()
  await parts.getByRole('link', { name: 'Profile' }).click()
})

test('a set password and a new link are shown once, and end what was before', async ({ browser }) => {
  const john = await signIn(browser, server, 'john.doe')
  const signInSection = section('Sign-in')
  await signInSection.getByRole('button', { name: 'Set a password' }).click()
  await expect(dialog('Set a password').getByText('This ends all their sessions', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await dialog('Set a password').getByRole('button', { name: 'Generate' }).click()
  const password = await dialog('Set a password').getByLabel('Password', { exact: true }).inputValue()
  await dialog('Set a password').getByRole('button', { name: 'Set password' }).click()
  await expect(dialog('Password set').getByText(password)).toBeVisible()
  await expect(john.getByText('set a new password for you', { exact: false })).toBeVisible()
  await dialog('Password set').getByRole('button', { name: 'Done' }).click()
  await expect(signInSection.getByText('a new one is asked for')).toBeVisible()
  await expect(signInSection.getByRole('button', { name: 'Sign out everywhere' })).toHaveAttribute('aria-description', 'They are signed in nowhere.')

  await signInSection.getByRole('button', { name: 'Make a one-time link' }).click()
  await noFindingsInBothThemes(admin)
  await dialog('Make a one-time link').getByRole('button', { name: 'Make link' }).click()
  await expect(dialog('One-time link for Johnny').getByText('/link#')).toBeVisible()
  await dialog('One-time link for Johnny').getByRole('button', { name: 'Done' }).click()
})

test('somebody is signed out everywhere, and suspended and brought back, from their row’s menu', async ({ browser }) => {
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
  await expect(notice('jane.roe is suspended')).toBeVisible()
  await expect(admin.getByRole('row', { name: /jane\.roe/u }).getByText('Suspended', { exact: true })).toBeVisible()
  await notice('jane.roe is suspended').getByRole('button', { name: 'Undo' }).click()
  await expect(admin.getByRole('row', { name: /jane\.roe/u }).getByText('Active', { exact: true })).toBeVisible()
})

test('one’s own row closes what nobody does to themselves, and says why', async () => {
  await admin.goto(`${server.address}/settings/users`)
  const button = admin.getByRole('button', { name: 'Actions for Ada Berg' })
  await button.focus()
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('menuitem', { name: 'Open profile' })).toBeFocused()
  await admin.keyboard.press('ArrowDown')
  await expect(admin.getByRole('menuitem', { name: 'Suspend' })).toBeFocused()
  await expect(admin.getByRole('menuitem', { name: 'Suspend' })).toHaveAttribute('aria-description', 'You can’t do this to your own account.')
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('menu')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(button).toBeFocused()
})

test('a manager sees an administrator’s page read-only, with the reason once, and their own leads to the settings', async ({ browser }) => {
  await addUser(admin, 'amara', { role: 'manager', displayName: 'Amara Okafor' })
  const amara = await signIn(browser, server, 'amara')
  await amara.goto(`${server.address}/settings/users`)
  await amara.getByRole('link', { name: 'Ada Berg' }).click()
  await expect(amara.getByText('Only an administrator can change an administrator.')).toHaveCount(1)
  await expect(section('Profile', amara).getByRole('textbox')).toHaveCount(0)
  await expect(amara.getByRole('button', { name: /Suspend|Delete|Set a password|Save/u })).toHaveCount(0)
  await noFindingsInBothThemes(amara)
  await amara.getByRole('link', { name: 'Why not?' }).click()
  await expect(amara.getByText('No, Amara Okafor can’t.')).toBeVisible()
  await expect(amara.getByText('Ada Berg has a higher role.')).toBeVisible()

  await amara.goto(`${server.address}/settings/users`)
  await amara.getByRole('link', { name: 'Amara Okafor' }).click()
  await noFindingsInBothThemes(amara)
  await amara.getByRole('main').getByRole('link', { name: 'Personal' }).click()
  await expect(amara).toHaveURL(/\/settings\/personal$/u)
  await amara.goto(`${server.address}/settings/users/00000000-0000-7000-8000-000000000000`)
  await expect(amara.getByText('This user doesn’t exist', { exact: false })).toBeVisible()
})

test('a suspended person’s page says so; deleting wants the username typed, and another console is told', async ({ browser }) => {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('link', { name: 'jane.roe' }).click()
  await section('Suspend').getByRole('button', { name: 'Suspend' }).click()
  await expect(admin.getByText('jane.roe is suspended: they can’t sign in', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  const other = await signIn(browser, server, 'second.admin')
  await other.goto(admin.url())
  await expect(other.getByRole('heading', { level: 1, name: 'jane.roe' })).toBeVisible()

  await admin.getByRole('button', { name: 'Delete user' }).click()
  const deleting = dialog('Delete jane.roe?')
  await expect(deleting.getByText('and their place in every workspace', { exact: false })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await deleting.getByLabel('Type jane.roe to confirm').fill('jane')
  await deleting.getByRole('button', { name: 'Delete user' }).click()
  await expect(deleting.getByText('That doesn’t match. Check the spelling.')).toBeVisible()
  await deleting.getByLabel('Type jane.roe to confirm').fill('jane.roe')
  await admin.keyboard.press('Enter')
  await expect(admin).toHaveURL(/\/settings\/users$/u)
  await expect(admin.getByRole('link', { name: 'jane.roe' })).toHaveCount(0)
  await expect(other.getByText('They may have been deleted.', { exact: false })).toBeVisible()
  expect(strangers).toEqual([])
})
