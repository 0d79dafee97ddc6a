import { expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addUsers, addWorkspace, setUp, signIn } from './users.ts'

let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  await addUsers(admin, 54)
  await addUser(admin, 'mona', { displayName: 'Mona', role: 'manager' })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})
test.beforeEach(async () => {
  await admin.goto(`${server.address}/settings/users`)
  await expect(table(admin).getByRole('link')).toHaveCount(25)
})

const table = (page: Page) => page.getByRole('table', { name: 'Users' })
const dialog = (page: Page) => page.getByRole('dialog')
/** The result, as announced to screen readers. */
const result = (page: Page) => dialog(page).getByRole('status')
const select = (page: Page, name: string) =>
  page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true })
/** A toast with this text. Screen readers get a second copy of the text, which this excludes. */
const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

async function chooseAction(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name }).click()
}
async function idsOf(search: string): Promise<string[]> {
  const { data } = await call(admin, 'user.list', { filter: { search } })
  return (data as { rows: { id: string }[] }).rows.map(({ id }) => id)
}
async function count(filter: object): Promise<number> {
  return (
    (await call(admin, 'user.previewBulk', { selection: { matching: [filter] }, action: { kind: 'signOut' } }))
      .data as { total: number }
  ).total
}

test('suspends all matching users after a preview, and Undo restores exactly those', async () => {
  const [first] = await idsOf('user.0000')
  expect((await call(admin, 'user.suspend', { userId: first })).status).toBe(200)
  await expect(admin.getByRole('checkbox', { name: 'Select Ada Berg' })).toHaveAttribute('aria-disabled', 'true')
  await table(admin).getByRole('checkbox', { name: 'Select this page' }).click()
  await expect(admin.getByText('24 selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Select all 56 results' }).click()
  await expect(admin.getByText('All 56 results selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Actions', exact: true }).click()
  await admin.getByRole('menuitem', { name: 'Suspend' }).click()

  await expect(dialog(admin).getByText('54 users will be suspended')).toBeVisible()
  await expect(dialog(admin).getByText('1 already suspended')).toBeVisible()
  await expect(dialog(admin).getByText('You can’t do this to your own account.')).toBeVisible()
  await expect(dialog(admin).getByText('admin', { exact: true })).toBeVisible()
  await dialog(admin).getByRole('button', { name: 'Suspend 54 users' }).click()
  await expect(result(admin)).toHaveText('54 users suspended')
  await expect(dialog(admin).getByRole('button', { name: 'Close' }).last()).toBeFocused()
  expect(await count({ status: ['suspended'] })).toBe(55)

  await dialog(admin).getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Change undone')).toBeVisible()
  expect(await count({ status: ['suspended'] })).toBe(1)
  expect((await call(admin, 'user.reactivate', { userId: first })).data).toMatchObject({ changed: true })
})

test('changes a role by keyboard, and offers Undo again after closing', async () => {
  await admin.getByRole('checkbox', { name: 'Select user.0001' }).press('Space')
  await admin.getByRole('checkbox', { name: 'Select user.0002' }).press('Space')
  await admin.getByRole('button', { name: 'Change role' }).press('Enter')
  await expect(dialog(admin).getByRole('radio', { name: 'Default User' })).toBeFocused()
  await expect(dialog(admin).getByText('Choose a role to see who it affects.')).toBeVisible()
  await admin.keyboard.press('ArrowDown')
  await expect(dialog(admin).getByText('2 users will get a new role')).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(result(admin)).toHaveText('Role changed for 2 users')
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  // The button disappears with the selection, but keyboard focus stays in the page.
  await expect(admin.getByRole('main').locator(':focus')).toHaveCount(1)
  expect(await count({ role: ['manager'] })).toBe(3)
  await toast(admin, 'Role changed for 2 users').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Change undone')).toBeVisible()
  expect(await count({ role: ['manager'] })).toBe(1)
})

test('stops when a user changes after the preview, keeps the parameters and shows a new preview', async () => {
  await select(admin, 'user.0003')
  await select(admin, 'user.0004')
  await chooseAction(admin, 'Set daily limit')
  await expect(dialog(admin).getByText('No users will get a new limit')).toBeVisible()
  await dialog(admin).getByRole('switch').click()
  await expect(dialog(admin).getByLabel('Messages per day')).toHaveValue('10')
  await dialog(admin).getByLabel('Messages per day').fill('12')
  await expect(dialog(admin).getByText('2 users will get a new limit')).toBeVisible()
  const [id] = await idsOf('user.0003')
  // The change happens while the call is under way; earlier, the open dialog would show it before the click.
  await admin.route(
    '**/trpc/user.applyBulk*',
    async (route) => {
      expect((await call(admin, 'user.setLimit', { userId: id, dailyLimit: 12, expected: null })).status).toBe(200)
      await route.continue()
    },
    { times: 1 },
  )
  await dialog(admin).getByRole('button', { name: 'Set limit for 2 users' }).click()
  await expect(dialog(admin).getByText('Nothing has been done yet', { exact: false })).toBeVisible()
  await expect(dialog(admin).getByLabel('Messages per day')).toHaveValue('12')
  await dialog(admin).getByRole('button', { name: 'Set limit for 1 user' }).click()
  await expect(result(admin)).toHaveText('Daily limit changed for 1 user')
  await dialog(admin).getByRole('button', { name: 'Close' }).last().click()
})

test('adds users from several pages to a workspace, and removes them on Undo', async () => {
  const workspace = await addWorkspace(admin, 'Research')
  await select(admin, 'user.0005')
  await admin.getByRole('button', { name: 'Next page' }).click()
  await select(admin, 'user.0030')
  await expect(admin.getByText('2 selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Add to workspaces' }).click()
  await expect(dialog(admin).getByRole('searchbox')).toBeFocused()
  await dialog(admin).getByRole('checkbox', { name: 'Research' }).press('Space')
  await expect(dialog(admin).getByText('2 users will be added')).toBeVisible()
  await dialog(admin).getByRole('button', { name: 'Add 2 users' }).click()
  await expect(result(admin)).toHaveText('2 users added to Research')
  expect(await count({ workspaceId: workspace })).toBe(2)
  await dialog(admin).getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Change undone')).toBeVisible()
  expect(await count({ workspaceId: workspace })).toBe(0)
})

test('asks for the number of users before deleting, and says that it can’t be undone', async () => {
  const before = await count({})
  await select(admin, 'user.0010')
  await select(admin, 'user.0011')
  await chooseAction(admin, 'Delete')
  await expect(dialog(admin).getByText('This can’t be undone.', { exact: false })).toBeVisible()
  await expect(dialog(admin).getByLabel('Type 2 to confirm')).toBeFocused()
  await dialog(admin).getByRole('button', { name: 'Delete 2 users' }).click()
  await expect(dialog(admin).getByText('That doesn’t match. Check the spelling.')).toBeVisible()
  expect(await count({})).toBe(before)
  await dialog(admin).getByLabel('Type 2 to confirm').fill('2')
  await admin.keyboard.press('Enter')
  await expect(result(admin)).toHaveText('2 users deleted')
  await expect(dialog(admin).getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  await expect(table(admin).getByRole('link', { name: 'user.0010' })).toHaveCount(0)
  expect(await count({})).toBe(before - 2)
})

test('offers a manager only assignable roles, warns about the missing undo, and names the refused users', async ({
  browser,
}) => {
  const mona = await signIn(browser, server, 'mona')
  await mona.goto(`${server.address}/settings/users`)
  await select(mona, 'Ada Berg')
  await select(mona, 'user.0020')
  await mona.getByRole('button', { name: 'Change role' }).click()
  await expect(dialog(mona).getByRole('radio')).toHaveCount(2)
  await expect(
    dialog(mona).getByText('You can’t assign Administrator because it’s higher than your own role.'),
  ).toBeVisible()
  await dialog(mona).getByRole('radio', { name: 'Manager' }).click()
  await expect(dialog(mona).getByText('Only an administrator can change an administrator.')).toBeVisible()
  await expect(
    dialog(mona).getByText('You won’t be able to undo this yourself. Only an administrator can change a manager.'),
  ).toBeVisible()
  await dialog(mona).getByRole('button', { name: 'Change role of 1 user' }).click()
  await expect(result(mona)).toHaveText('Role changed for 1 user')
  await expect(dialog(mona).getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await mona.context().close()
})

test('a selection and an open menu have no accessibility findings', async () => {
  await admin.goto(`${server.address}/settings/users?q=user.005`)
  await table(admin).getByRole('checkbox', { name: 'Select this page' }).click()
  await expect(admin.getByText('4 selected').first()).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.getByRole('button', { name: 'Actions', exact: true }).click()
  await expect(admin.getByRole('menuitem', { name: 'Delete' })).toBeVisible()
  await noFindingsInBothThemes(admin)
})

test('a preview has no accessibility findings', async () => {
  await admin.goto(`${server.address}/settings/users?role=administrator,manager`)
  await addWorkspace(admin, 'Library')
  await select(admin, 'Mona')
  await chooseAction(admin, 'Add to workspaces')
  await dialog(admin).getByRole('checkbox', { name: 'Library' }).press('Space')
  await expect(dialog(admin).getByText('1 user will be added')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'Actions', exact: true })).toBeFocused()
  await chooseAction(admin, 'Change role')
  await dialog(admin).getByRole('radio', { name: 'Default User' }).press('Space')
  await expect(dialog(admin).getByText('1 user will get a new role')).toBeVisible()
  await noFindingsInBothThemes(admin)
})

test('an incomplete form and a result have no accessibility findings', async () => {
  await admin.goto(`${server.address}/settings/users?q=user.005`)
  await select(admin, 'user.0050')
  await chooseAction(admin, 'Delete')
  await expect(dialog(admin).getByLabel('Type 1 to confirm')).toBeFocused()
  await dialog(admin).getByRole('button', { name: 'Delete 1 user' }).click()
  await expect(dialog(admin).getByText('That doesn’t match. Check the spelling.')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  await chooseAction(admin, 'Suspend')
  await dialog(admin).getByRole('button', { name: 'Suspend 1 user' }).click()
  await expect(result(admin)).toHaveText('1 user suspended')
  await noFindingsInBothThemes(admin)
})
