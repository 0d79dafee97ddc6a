import { expect, type Page } from '@playwright/test'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, setUp, signIn } from './users.ts'

let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

/** The names in the list, in order. */
const listed = () => admin.getByRole('table', { name: 'Workspaces' }).getByRole('link').allTextContents()
/** The toast with this text; a hidden live region repeats it for screen readers. */
const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

test('the empty list creates a workspace with a valid name and opens its members', async () => {
  const foreignRequests = watchForeignRequests(admin, server.address)
  await admin.getByRole('link', { name: 'Workspaces' }).click()
  await expect(admin.getByText('No workspaces yet')).toBeVisible()
  await admin.getByRole('main').getByRole('button', { name: 'New workspace' }).last().click()
  const dialog = admin.getByRole('dialog', { name: 'New workspace' })
  await expect(dialog.getByLabel('Name')).toBeFocused()

  await dialog.getByRole('button', { name: 'Create workspace' }).click()
  await expect(dialog.getByText('Enter a name.')).toBeVisible()
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await dialog.getByLabel('Name').fill('x'.repeat(81))
  await admin.keyboard.press('Enter')
  await expect(dialog.getByText('At most 80 characters.')).toBeVisible()
  await dialog.getByLabel('Name').fill('Research')
  await admin.keyboard.press('Enter')

  await expect(admin).toHaveURL(/\/members$/u)
  await expect(admin.getByRole('heading', { level: 1, name: 'Research' })).toBeVisible()
  await expect(admin.getByText('No members yet')).toBeVisible()
  expect(foreignRequests).toEqual([])
})

test('a taken name is refused beside its field in any case, and the input stays', async () => {
  await admin.goto(`${server.address}/workspaces?new=1`)
  const dialog = admin.getByRole('dialog', { name: 'New workspace' })
  await dialog.getByLabel('Name').fill('rESEARCH')
  await dialog.getByRole('button', { name: 'Create workspace' }).click()
  await expect(dialog.getByText('“rESEARCH” is taken', { exact: false })).toBeVisible()
  await expect(dialog.getByLabel('Name')).toHaveValue('rESEARCH')
  await expect(dialog.getByLabel('Name')).toBeFocused()
  await dialog.getByLabel('Name').fill('Field notes')
  await dialog.getByRole('button', { name: 'Create workspace' }).dblclick()
  await expect(admin.getByRole('heading', { level: 1, name: 'Field notes' })).toBeVisible()
  expect((await call(admin, 'workspace.create', { name: 'Field Notes' })).refusal?.code).toBe('NAME_TAKEN')
})

test('search and filter stay in the address across a reload, a link and Back', async () => {
  await addWorkspace(admin, 'Finance')
  const old = await addWorkspace(admin, 'Field trips')
  expect((await call(admin, 'workspace.archive', { workspaceId: old })).status).toBe(200)

  await admin.goto(`${server.address}/workspaces`)
  await expect.poll(listed).toEqual(['Field notes', 'Finance', 'Research'])
  await admin.getByRole('searchbox', { name: 'Search workspaces' }).fill('FIELD')
  await expect.poll(listed).toEqual(['Field notes'])
  await expect(admin).toHaveURL(/\?q=FIELD$/u)
  await admin.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name: 'All' }).click()
  await expect.poll(listed).toEqual(['Field notes', 'Field trips'])
  await admin.reload()
  await expect.poll(listed).toEqual(['Field notes', 'Field trips'])
  await expect(admin.getByRole('searchbox', { name: 'Search workspaces' })).toHaveValue('FIELD')

  await admin.getByRole('link', { name: 'Field trips' }).click()
  await expect(admin.getByRole('region', { name: 'Archived' })).toBeVisible()
  await admin.goBack()
  await expect.poll(listed).toEqual(['Field notes', 'Field trips'])
  await admin.getByRole('button', { name: 'Clear search' }).click()
  await expect.poll(listed).toEqual(['Field notes', 'Field trips', 'Finance', 'Research'])
  await admin.getByRole('searchbox', { name: 'Search workspaces' }).fill('nothing like it')
  await expect(admin.getByText('No results')).toBeVisible()
  await admin.getByRole('button', { name: 'Show all workspaces' }).click()
  await expect.poll(listed).toEqual(['Field notes', 'Finance', 'Research'])
})

test('a long list has pages with their own addresses', async () => {
  for (let at = 10; at < 40; at++) await addWorkspace(admin, `Series ${at}`)
  await admin.goto(`${server.address}/workspaces?q=series`)
  await expect(admin.getByText('30 workspaces').first()).toBeVisible()
  await expect.poll(async () => (await listed()).length).toBe(25)
  await expect(admin.getByRole('button', { name: 'Previous page' })).toBeDisabled()
  await admin.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(listed).toEqual(['Series 35', 'Series 36', 'Series 37', 'Series 38', 'Series 39'])
  await admin.reload()
  await expect.poll(listed).toHaveLength(5)
  await admin.getByRole('button', { name: 'Previous page' }).click()
  await expect.poll(listed).toHaveLength(25)
})

test('each tab of a workspace has its own address, and another console shows a new name immediately', async ({
  browser,
}) => {
  const ben = await addUser(admin, 'ben', { displayName: 'Ben Ito' })
  const workspaceId = await addWorkspace(admin, 'Travel', [ben])
  const his = await signIn(browser, server, 'ben')
  await his.goto(`${server.address}/workspaces/${workspaceId}`)
  await expect(his.getByRole('heading', { name: 'Chat is coming soon' })).toBeVisible()
  const tabs = his.getByRole('navigation', { name: 'Workspace sections' })
  await expect(tabs.getByRole('link')).toHaveText(['Chat', 'Documents', /^\s*Members\s*1$/u])
  await tabs.getByRole('link', { name: 'Documents' }).click()
  await expect(his).toHaveURL(/\/documents$/u)
  await tabs.getByRole('link', { name: /Members/u }).click()
  await expect(his.getByRole('cell', { name: 'Ben Ito' })).toBeVisible()
  await expect(his.getByRole('button', { name: 'Manage Users' })).toHaveCount(0)
  await his.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  await expect(his.getByRole('heading', { name: 'You don’t have access to this page' })).toBeVisible()
  await expect(his.getByRole('textbox')).toHaveCount(0)

  await admin.goto(`${server.address}/workspaces/${workspaceId}`)
  await admin.getByRole('navigation', { name: 'Workspace sections' }).getByRole('link', { name: 'Settings' }).click()
  await expect(admin.getByRole('button', { name: 'Save name' })).toBeDisabled()
  await admin.getByRole('textbox', { name: 'Name' }).fill('research')
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(admin.getByText('“research” is taken', { exact: false })).toBeVisible()
  await admin.getByRole('textbox', { name: 'Name' }).fill('Journeys')
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(toast(admin, 'Renamed to “Journeys”')).toBeVisible()
  await expect(admin.getByRole('heading', { level: 1, name: 'Journeys' })).toBeVisible()
  await expect(his.getByRole('heading', { level: 1, name: 'Journeys' })).toBeVisible()

  await expect(admin.getByRole('region', { name: 'Members' })).toContainText('1 member')
  await admin.getByRole('region', { name: 'Members' }).getByRole('button', { name: 'Manage Users' }).click()
  await expect(
    admin.getByRole('dialog', { name: 'Manage Users' }).getByRole('option', { name: /^Ben Ito/u }),
  ).toBeVisible()
  await admin.keyboard.press('Escape')
  await expect(admin).toHaveURL(/\/settings$/u)
  await his.context().close()
})

test('an archived workspace says so everywhere, takes no new members, and is restored by Undo or by Restore', async ({
  browser,
}) => {
  const cem = await addUser(admin, 'cem')
  const workspaceId = await addWorkspace(admin, 'Archive me', [cem])
  const his = await signIn(browser, server, 'cem')
  await his.getByRole('main').getByRole('link', { name: 'Archive me', exact: true }).click()
  await expect(his.getByRole('heading', { level: 1, name: 'Archive me' })).toBeVisible()

  await admin.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  await admin.getByRole('button', { name: 'Archive workspace' }).click()
  await expect(toast(admin, '“Archive me” archived')).toBeVisible()
  await expect(his.getByRole('region', { name: 'Archived' })).toBeVisible()
  await expect(his.getByRole('button', { name: 'Restore' })).toHaveCount(0)
  await toast(admin, '“Archive me” archived').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Change undone')).toBeVisible()
  await expect(his.getByRole('region', { name: 'Archived' })).toHaveCount(0)

  await admin.getByRole('button', { name: 'Archive workspace' }).click()
  await admin
    .getByRole('navigation', { name: 'Workspace sections' })
    .getByRole('link', { name: /Members/u })
    .click()
  await admin.getByRole('button', { name: 'Manage Users' }).click()
  await expect(admin.getByText('You can remove members, but you can’t add any.', { exact: false })).toBeVisible()
  await expect(admin.getByRole('option')).toHaveCount(1)
  await admin.keyboard.press('Escape')
  await admin.getByRole('region', { name: 'Archived' }).getByRole('button', { name: 'Restore' }).click()
  await expect(toast(admin, '“Archive me” restored')).toBeVisible()
  await expect(his.getByRole('region', { name: 'Archived' })).toHaveCount(0)
  await his.context().close()
})

test('deleting asks for the name, says what is deleted, and shows on a member’s open page', async ({ browser }) => {
  const dora = await addUser(admin, 'dora')
  const workspaceId = await addWorkspace(admin, 'Sunset plans', [dora])
  const hers = await signIn(browser, server, 'dora')
  await hers.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await expect(hers.getByRole('table', { name: 'Members' })).toBeVisible()

  await admin.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  await admin.getByRole('button', { name: 'Delete workspace' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Delete “Sunset plans”?' })
  await expect(dialog.getByText('1 member will lose access immediately', { exact: false })).toBeVisible()
  const typed = dialog.getByLabel('Type Sunset plans to confirm')
  await expect(typed).toBeFocused()
  await typed.fill('sunset plans')
  await admin.keyboard.press('Enter')
  await expect(dialog.getByText('That doesn’t match. Check the spelling.')).toBeVisible()
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'Delete workspace' })).toBeFocused()
  expect((await call(admin, 'workspace.rename', { workspaceId, name: 'Sunset plans' })).status).toBe(200)

  await admin.keyboard.press('Enter')
  await typed.fill('Sunset plans')
  await dialog.getByRole('button', { name: 'Delete workspace' }).click()
  await expect(toast(admin, '“Sunset plans” deleted')).toBeVisible()
  await expect(admin).toHaveURL(/\/workspaces$/u)
  await expect(
    hers.getByText('This workspace doesn’t exist, or you don’t have access.', { exact: false }),
  ).toBeVisible()
  await hers.getByRole('link', { name: 'Go to workspaces' }).click()
  await expect(hers.getByText('You’re not in any workspaces yet.', { exact: false })).toBeVisible()
  await hers.context().close()
})

test('hides what a manager may not do, and explains an address that leads nowhere', async ({ browser }) => {
  await addUser(admin, 'eva', { role: 'manager' })
  const hers = await signIn(browser, server, 'eva')
  await expect(hers.getByRole('link', { name: 'Getting started' })).toHaveCount(0)
  await hers.goto(`${server.address}/getting-started`)
  await expect(hers.getByText('You need a different role to do this. You’re signed in as Manager.')).toBeVisible()
  await hers.goto(`${server.address}/workspaces/not-an-id/members`)
  await expect(
    hers.getByText('This workspace doesn’t exist, or you don’t have access.', { exact: false }),
  ).toBeVisible()
  await hers.goto(`${server.address}/no/such/page`)
  await expect(hers.getByRole('heading', { name: 'Page not found' })).toBeVisible()
  await hers.context().close()
})
