import { expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, setUp, signIn } from './users.ts'

test.describe.configure({ mode: 'serial', timeout: 120_000 })

let server: RosterServer
let admin: Page
let john: string
let workspace: string
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  john = await addUser(admin, 'john.doe', { displayName: 'John Doe' })
  workspace = await addWorkspace(admin, 'Research', [john])
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const toast = (text: string) => admin.getByRole('listitem').filter({ hasText: text })
const tab = (name: RegExp) => admin.getByRole('navigation', { name: 'User page' }).getByRole('link', { name })

test('sets an access end date on the user’s page, shows it to the member, and removes it in the workspace', async ({
  browser,
}) => {
  await admin.goto(`${server.address}/settings/users/${john}`)
  await tab(/^Workspaces/u).click()
  await admin.getByRole('button', { name: 'Change access end date for John Doe in “Research”' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Access end date' })
  await expect(dialog.getByLabel('Last day')).toBeFocused()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Choose a date.')).toBeVisible()
  await dialog.getByLabel('Last day').fill('2001-01-01')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Choose today or a later date.')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await dialog.getByLabel('Last day').fill('2999-12-31')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(toast('John Doe has access until 31 Dec 2999')).toBeVisible()

  const page = await signIn(browser, server, 'john.doe')
  await expect(page.getByText('Your access ends on 31 Dec 2999')).toBeVisible()
  await admin.goto(`${server.address}/workspaces/${workspace}/members`)
  await admin.getByRole('button', { name: /^Until 31 Dec 2999\./u }).click()
  await dialog.getByRole('button', { name: 'Remove end date' }).click()
  await expect(toast('Access end date removed for John Doe')).toBeVisible()
  await expect(page.getByText('Your access ends on', { exact: false })).toBeHidden()
  await page.context().close()
})

test('lists sessions by device, ends one, and signs its browser out', async ({ browser }) => {
  const page = await signIn(browser, server, 'john.doe')
  await admin.goto(`${server.address}/settings/users/${john}/sessions`)
  const open = admin.getByRole('region', { name: 'Active sessions' })
  await expect(open.getByText(/^Chrome on /u).first()).toBeVisible()
  await noFindingsInBothThemes(admin)
  for (let remaining = await open.getByRole('listitem').count(); remaining > 0; remaining--) {
    await open
      .getByRole('button', { name: /^Sign out Chrome/u })
      .first()
      .click()
    await expect(open.getByRole('listitem')).toHaveCount(remaining - 1)
  }
  await expect(page).toHaveURL(/sign-in/u)
  await expect(open.getByText('Not signed in on any device.')).toBeVisible()
  await expect(
    admin.getByRole('region', { name: 'Recently ended' }).getByText('Ended by Ada Berg').first(),
  ).toBeVisible()
})

test('shows activity on a user, and keeps the permission check in the URL', async () => {
  expect((await call(admin, 'user.setLimit', { userId: john, dailyLimit: 7, expected: null })).status).toBe(200)
  await admin.goto(`${server.address}/settings/users/${john}`)
  await tab(/^Activity/u).click()
  await expect(admin.getByText('John Doe signed in').first()).toBeVisible()
  await admin.getByRole('radio', { name: 'To this user' }).click()
  await expect(admin.getByText('Ada Berg set the daily limit of John Doe')).toBeVisible()
  await expect(admin.getByText('none → 7')).toBeVisible()
  await noFindingsInBothThemes(admin)

  await tab(/^Permissions/u).click()
  await admin.getByLabel('Action', { exact: true }).selectOption({ label: 'Change a workspace’s members' })
  await admin.getByRole('combobox', { name: 'Find workspaces' }).fill('res')
  await expect(admin.getByRole('option', { name: 'Research' })).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(admin.getByText('No, John Doe can’t do this.')).toBeVisible()
  await expect(admin.getByText('The role Default User doesn’t allow this', { exact: false })).toBeVisible()
  await expect(admin.getByRole('link', { name: 'Ada Berg · Administrator' })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.reload()
  await expect(admin.getByText('No, John Doe can’t do this.')).toBeVisible()
  await admin.getByLabel('Action', { exact: true }).selectOption({ label: 'View a workspace’s members' })
  await expect(admin.getByText('Yes, John Doe can do this.')).toBeVisible()
  await expect(admin.getByText('This user is a member of Research.')).toBeVisible()
})
