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

const notice = (text: string) => admin.getByRole('listitem').filter({ hasText: text })
const part = (name: RegExp) => admin.getByRole('navigation', { name: 'Parts of this person’s page' }).getByRole('link', { name })

test('a membership is given an end from the person’s page, its member sees it, and it is cleared from the workspace', async ({ browser }) => {
  await admin.goto(`${server.address}/settings/users/${john}`)
  await part(/^Workspaces/u).click()
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
  await expect(notice('John Doe has access until 31 Dec 2999')).toBeVisible()

  const page = await signIn(browser, server, 'john.doe')
  await expect(page.getByText('You are in here until 31 Dec 2999')).toBeVisible()
  await admin.goto(`${server.address}/workspaces/${workspace}/members`)
  await admin.getByRole('button', { name: /^Until 31 Dec 2999\./u }).click()
  await dialog.getByRole('button', { name: 'Remove end date' }).click()
  await expect(notice('Access end date removed for John Doe')).toBeVisible()
  await expect(page.getByText('You are in here until', { exact: false })).toBeHidden()
  await page.context().close()
})

test('a person’s sessions are named in words; one is ended at once, and its browser is told', async ({ browser }) => {
  const page = await signIn(browser, server, 'john.doe')
  await admin.goto(`${server.address}/settings/users/${john}/sessions`)
  const open = admin.getByRole('region', { name: 'Signed in now' })
  await expect(open.getByText(/^Chrome on /u).first()).toBeVisible()
  await noFindingsInBothThemes(admin)
  for (let left = await open.getByRole('listitem').count(); left > 0; left--) {
    await open
      .getByRole('button', { name: /^End the session on/u })
      .first()
      .click()
    await expect(open.getByRole('listitem')).toHaveCount(left - 1)
  }
  await expect(page).toHaveURL(/sign-in/u)
  await expect(open.getByText('They are signed in nowhere.')).toBeVisible()
  await expect(admin.getByRole('region', { name: 'Ended lately' }).getByText('Ended by Ada Berg').first()).toBeVisible()
})

test('what was done to a person stands on their page, and why they can or can’t has an address of its own', async () => {
  expect((await call(admin, 'user.setLimit', { userId: john, dailyLimit: 7, expected: null })).status).toBe(200)
  await admin.goto(`${server.address}/settings/users/${john}`)
  await part(/^Activity/u).click()
  await expect(admin.getByText('John Doe signed in').first()).toBeVisible()
  await admin.getByRole('radio', { name: 'What was done to them' }).click()
  await expect(admin.getByText('Ada Berg set the daily limit of John Doe')).toBeVisible()
  await expect(admin.getByText('none → 7')).toBeVisible()
  await noFindingsInBothThemes(admin)

  await part(/^Why/u).click()
  await admin.getByLabel('What they would do').selectOption({ label: 'Change a workspace’s members' })
  await admin.getByRole('combobox', { name: 'Find workspaces' }).fill('res')
  await expect(admin.getByRole('option', { name: 'Research' })).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(admin.getByText('No, John Doe can’t.')).toBeVisible()
  await expect(admin.getByText('The role Default User does not include it', { exact: false })).toBeVisible()
  await expect(admin.getByRole('link', { name: 'Ada Berg · Administrator' })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.reload()
  await expect(admin.getByText('No, John Doe can’t.')).toBeVisible()
  await admin.getByLabel('What they would do').selectOption({ label: 'See a workspace’s members' })
  await expect(admin.getByText('Yes, John Doe can.')).toBeVisible()
  await expect(admin.getByText('They are a member of Research.')).toBeVisible()
})
