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
/** What was done, as a screen reader is told it. */
const outcome = (page: Page) => dialog(page).getByRole('status')
const tick = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}` }).check({ force: true })
/** The notice in the corner that says this; a screen reader is told the same a second time. */
const notice = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

async function chooseAction(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name }).click()
}
async function idsOf(search: string): Promise<string[]> {
  const { data } = await call(admin, 'user.list', { filter: { search } })
  return (data as { rows: { id: string }[] }).rows.map(({ id }) => id)
}
async function count(filter: object): Promise<number> {
  return ((await call(admin, 'user.previewBulk', { selection: { kind: 'matching', filter }, action: { kind: 'signOut' } })).data as { total: number }).total
}

test('all who match are suspended after a look at who and who not, and Undo brings exactly them back', async () => {
  const [first] = await idsOf('user.0000')
  expect((await call(admin, 'user.suspend', { userId: first })).status).toBe(200)
  await expect(admin.getByRole('checkbox', { name: 'Select Ada Berg' })).toHaveAttribute('aria-disabled', 'true')
  await table(admin).getByRole('checkbox', { name: 'Select this page' }).click()
  await expect(admin.getByText('24 selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Select all 56 that match' }).click()
  await expect(admin.getByText('All 56 that match are selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Actions', exact: true }).click()
  await admin.getByRole('menuitem', { name: 'Suspend' }).click()

  await expect(dialog(admin).getByText('54 people will be suspended')).toBeVisible()
  await expect(dialog(admin).getByText('1 suspended already')).toBeVisible()
  await expect(dialog(admin).getByText('You can’t do this to your own account.')).toBeVisible()
  await expect(dialog(admin).getByText('admin', { exact: true })).toBeVisible()
  await dialog(admin).getByRole('button', { name: 'Suspend 54 people' }).click()
  await expect(outcome(admin)).toHaveText('54 people suspended')
  await expect(dialog(admin).getByRole('button', { name: 'Close' }).last()).toBeFocused()
  expect(await count({ status: ['suspended'] })).toBe(55)

  await dialog(admin).getByRole('button', { name: 'Undo' }).click()
  await expect(notice(admin, 'Change undone')).toBeVisible()
  expect(await count({ status: ['suspended'] })).toBe(1)
  expect((await call(admin, 'user.reactivate', { userId: first })).data).toMatchObject({ changed: true })
})

test('a role is changed by keyboard alone, and Undo is offered once more after the dialog is closed', async () => {
  await admin.getByRole('checkbox', { name: 'Select user.0001' }).press('Space')
  await admin.getByRole('checkbox', { name: 'Select user.0002' }).press('Space')
  await admin.getByRole('button', { name: 'Change role' }).press('Enter')
  await expect(dialog(admin).getByRole('radio', { name: 'Default User' })).toBeFocused()
  await expect(dialog(admin).getByText('Choose a role to see whom it changes.')).toBeVisible()
  await admin.keyboard.press('ArrowDown')
  await expect(dialog(admin).getByText('2 people get another role')).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(outcome(admin)).toHaveText('2 people have another role')
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  // The button that led here is gone with the selection, but whoever uses the keyboard is not thrown back to the beginning.
  await expect(admin.getByRole('main').locator(':focus')).toHaveCount(1)
  expect(await count({ role: ['manager'] })).toBe(3)
  await notice(admin, '2 people have another role').getByRole('button', { name: 'Undo' }).click()
  await expect(notice(admin, 'Change undone')).toBeVisible()
  expect(await count({ role: ['manager'] })).toBe(1)
})

test('somebody who changes between the look and the call stops it; what was chosen stays, and the next look is the present one', async () => {
  await tick(admin, 'user.0003')
  await tick(admin, 'user.0004')
  await chooseAction(admin, 'Set daily limit')
  await expect(dialog(admin).getByText('Nobody gets another limit')).toBeVisible()
  await dialog(admin).getByRole('switch').click()
  await expect(dialog(admin).getByLabel('Messages a day')).toHaveValue('10')
  await dialog(admin).getByLabel('Messages a day').fill('12')
  await expect(dialog(admin).getByText('2 people get another limit')).toBeVisible()
  const [id] = await idsOf('user.0003')
  // On its way the call meets the change, which an open dialog would otherwise hear of and show before one clicks.
  await admin.route(
    '**/trpc/user.applyBulk*',
    async (route) => {
      expect((await call(admin, 'user.setLimit', { userId: id, dailyLimit: 12, expected: null })).status).toBe(200)
      await route.continue()
    },
    { times: 1 },
  )
  await dialog(admin).getByRole('button', { name: 'Set 2 limits' }).click()
  await expect(dialog(admin).getByText('Nothing was done yet', { exact: false })).toBeVisible()
  await expect(dialog(admin).getByLabel('Messages a day')).toHaveValue('12')
  await dialog(admin).getByRole('button', { name: 'Set 1 limit' }).click()
  await expect(outcome(admin)).toHaveText('1 person has another limit')
  await dialog(admin).getByRole('button', { name: 'Close' }).last().click()
})

test('people over several pages are put into workspaces and taken out again', async () => {
  const workspace = await addWorkspace(admin, 'Research')
  await tick(admin, 'user.0005')
  await admin.getByRole('button', { name: 'Next page' }).click()
  await tick(admin, 'user.0030')
  await expect(admin.getByText('2 selected').first()).toBeVisible()
  await admin.getByRole('button', { name: 'Add to workspaces' }).click()
  await expect(dialog(admin).getByRole('searchbox')).toBeFocused()
  await dialog(admin).getByRole('checkbox', { name: 'Research' }).press('Space')
  await expect(dialog(admin).getByText('2 people will be added')).toBeVisible()
  await dialog(admin).getByRole('button', { name: 'Add 2 people' }).click()
  await expect(outcome(admin)).toHaveText('2 people added')
  expect(await count({ workspaceId: workspace })).toBe(2)
  await dialog(admin).getByRole('button', { name: 'Undo' }).click()
  await expect(notice(admin, 'Change undone')).toBeVisible()
  expect(await count({ workspaceId: workspace })).toBe(0)
})

test('deleting asks for the number of people, can’t be undone, and says so', async () => {
  const before = await count({})
  await tick(admin, 'user.0010')
  await tick(admin, 'user.0011')
  await chooseAction(admin, 'Delete')
  await expect(dialog(admin).getByText('This can’t be taken back.', { exact: false })).toBeVisible()
  await expect(dialog(admin).getByLabel('Type 2 to confirm')).toBeFocused()
  await dialog(admin).getByRole('button', { name: 'Delete 2 people' }).click()
  await expect(dialog(admin).getByText('This is not the same yet.')).toBeVisible()
  expect(await count({})).toBe(before)
  await dialog(admin).getByLabel('Type 2 to confirm').fill('2')
  await admin.keyboard.press('Enter')
  await expect(outcome(admin)).toHaveText('2 people deleted')
  await expect(dialog(admin).getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  await expect(table(admin).getByRole('link', { name: 'user.0010' })).toHaveCount(0)
  expect(await count({})).toBe(before - 2)
})

test('a manager is offered what they may give, told what they can’t take back, and refused the rest by name', async ({ browser }) => {
  const mona = await signIn(browser, server, 'mona')
  await mona.goto(`${server.address}/settings/users`)
  await tick(mona, 'Ada Berg')
  await tick(mona, 'user.0020')
  await mona.getByRole('button', { name: 'Change role' }).click()
  await expect(dialog(mona).getByRole('radio')).toHaveCount(2)
  await expect(dialog(mona).getByText('You can’t give the role Administrator: it is above your own.')).toBeVisible()
  await dialog(mona).getByRole('radio', { name: 'Manager' }).click()
  await expect(dialog(mona).getByText('Only an administrator can change an administrator.')).toBeVisible()
  await expect(dialog(mona).getByText('You won’t be able to take this back. Only an administrator can change a manager.')).toBeVisible()
  await dialog(mona).getByRole('button', { name: 'Change 1 role' }).click()
  await expect(outcome(mona)).toHaveText('1 person has another role')
  await expect(dialog(mona).getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await mona.context().close()
})

test('nothing is wrong for those who can’t see with people selected, and a menu open', async () => {
  await admin.goto(`${server.address}/settings/users?q=user.005`)
  await table(admin).getByRole('checkbox', { name: 'Select this page' }).click()
  await expect(admin.getByText('4 selected').first()).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.getByRole('button', { name: 'Actions', exact: true }).click()
  await expect(admin.getByRole('menuitem', { name: 'Delete' })).toBeVisible()
  await noFindingsInBothThemes(admin)
})

test('nor with a preview on the screen', async () => {
  await admin.goto(`${server.address}/settings/users?role=administrator,manager`)
  await addWorkspace(admin, 'Library')
  await tick(admin, 'Mona')
  await chooseAction(admin, 'Add to workspaces')
  await dialog(admin).getByRole('checkbox', { name: 'Library' }).press('Space')
  await expect(dialog(admin).getByText('1 person will be added')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'Actions', exact: true })).toBeFocused()
  await chooseAction(admin, 'Change role')
  await dialog(admin).getByRole('radio', { name: 'Default User' }).press('Space')
  await expect(dialog(admin).getByText('1 person gets another role')).toBeVisible()
  await noFindingsInBothThemes(admin)
})

test('nor when something is missing, nor with the result', async () => {
  await admin.goto(`${server.address}/settings/users?q=user.005`)
  await tick(admin, 'user.0050')
  await chooseAction(admin, 'Delete')
  await expect(dialog(admin).getByLabel('Type 1 to confirm')).toBeFocused()
  await dialog(admin).getByRole('button', { name: 'Delete 1 person' }).click()
  await expect(dialog(admin).getByText('This is not the same yet.')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(dialog(admin)).toHaveCount(0)
  await chooseAction(admin, 'Suspend')
  await dialog(admin).getByRole('button', { name: 'Suspend 1 person' }).click()
  await expect(outcome(admin)).toHaveText('1 person suspended')
  await noFindingsInBothThemes(admin)
})
