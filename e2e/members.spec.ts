import { expect, type Locator, type Page } from '@playwright/test'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addUsers, addWorkspace, setUp, signIn } from './users.ts'

const USER_COUNT = 320

let server: RosterServer
let admin: Page
let users: string[]
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  users = await addUsers(admin, USER_COUNT)
  await addUser(admin, 'mara', { displayName: 'Mara Lund', role: 'manager' })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

/** The dialog in one console, with its controls. */
function picker(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Manage Users' })
  return {
    dialog,
    search: dialog.getByRole('searchbox', { name: 'Search users' }),
    list: dialog.getByRole('listbox', { name: 'Users in this organization' }),
    option: (name: string | RegExp) => dialog.getByRole('option', { name }),
    save: dialog.getByRole('button', { name: 'Save Changes' }),
    changes: dialog.locator('footer p').first(),
    /** Searches for one user and waits for the row: a row that moves can't be clicked. */
    async find(name: string) {
      await dialog.getByRole('searchbox', { name: 'Search users' }).fill(name)
      await expect(dialog.getByRole('option')).toHaveText([new RegExp(name, 'u')])
    },
    async show(which: string) {
      await dialog.getByRole('radio', { name: which, exact: true }).click()
    },
  }
}
async function open(page: Page, workspaceId: string) {
  await page.goto(`${server.address}/workspaces/${workspaceId}/members?manage=1`)
  const opened = picker(page)
  await expect(opened.option(/./u).first()).toBeVisible()
  return opened
}
const toast = (page: Page, text: string): Locator => page.getByRole('listitem').filter({ hasText: text })

/** Collects the input of each following save. */
function watchSaves(
  page: Page,
): { add: string[] | { matching: object[]; ids: string[]; except: string[] }; remove: string[] }[] {
  const saves: ReturnType<typeof watchSaves> = []
  page.on('request', (request) => {
    if (request.url().endsWith('/trpc/member.update')) saves.push(request.postDataJSON())
  })
  return saves
}
type MemberPage = { result: { data: { rows: { userId: string }[]; after: string | null } } }
async function members(workspaceId: string): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  do {
    const input: string = JSON.stringify({ workspaceId, page: { size: 50, ...(after ? { after } : {}) } })
    const answer: MemberPage = await admin.evaluate(async (query) => {
      const response = await fetch(`/trpc/member.list?input=${encodeURIComponent(query)}`)
      return (await response.json()) as MemberPage
    }, input)
    ids.push(...answer.result.data.rows.map(({ userId }) => userId))
    after = answer.result.data.after
  } while (after)
  return ids.sort()
}
const sorted = (...ids: (string | undefined)[]) => ids.filter((id) => id !== undefined).sort()

test('a save sends exactly the changed boxes, visible or not, in one call, and Undo reverts it', async () => {
  const workspaceId = await addWorkspace(admin, 'Research', users.slice(0, 3))
  const saves = watchSaves(admin)
  const { dialog, search, find, option, save, changes, show } = await open(admin, workspaceId)
  await expect(dialog.getByText(`${USER_COUNT + 2} users`).first()).toBeVisible()
  await expect(save).toBeDisabled()

  await find('user.0200')
  await option(/^user.0200/u).click()
  await expect(changes).toHaveText('1 to add')
  await find('ser.0001')
  await option(/^user.0001/u).click()
  await expect(changes).toHaveText('1 to add, 1 to remove')
  await search.fill('')
  await show('Selected')
  await expect(option(/./u)).toHaveCount(3)
  await expect(option(/^user.0200/u)).toHaveAttribute('aria-selected', 'true')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(option(/./u)).toHaveText([/user\.0001.*Remove/su, /user\.0200.*Add/su])

  await save.dblclick()
  await expect(dialog).toBeHidden()
  await expect(toast(admin, '1 added, 1 removed')).toBeVisible()
  expect(saves).toEqual([{ workspaceId, add: [users[200]], remove: [users[1]] }])
  expect(await members(workspaceId)).toEqual(sorted(users[0], users[2], users[200]))
  await expect(admin.getByRole('table', { name: 'Members' }).getByRole('row')).toHaveCount(4)

  await toast(admin, '1 added, 1 removed').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Change undone')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(users[0], users[1], users[2]))
})

test('“select all matching” adds hundreds of unloaded users, keeps earlier selections, and excludes cleared ones', async () => {
  const workspaceId = await addWorkspace(admin, 'All hands')
  const saves = watchSaves(admin)
  const { dialog, find, option, save, changes } = await open(admin, workspaceId)
  await option(/^Mara Lund/u).click()
  await dialog.getByRole('button', { name: 'Role' }).click()
  await admin.getByRole('menuitemcheckbox', { name: 'Default User' }).click()
  await admin.keyboard.press('Escape')
  await expect(dialog.getByText(`${USER_COUNT} users`).first()).toBeVisible()
  await dialog.getByRole('button', { name: `Select all ${USER_COUNT}` }).click()
  await expect(changes).toHaveText(`${USER_COUNT + 1} to add`)
  await find('user.0300')
  await option(/^user.0300/u).click()
  await expect(changes).toHaveText(`${USER_COUNT} to add`)
  await save.click()
  await expect(toast(admin, `${USER_COUNT} users added`)).toBeVisible()
  expect(saves).toHaveLength(1)
  expect(saves[0]?.add).toMatchObject({ matching: [{ role: ['default'] }], except: [users[300]] })
  const now = await members(workspaceId)
  expect(now).toHaveLength(USER_COUNT)
  expect(now).not.toContain(users[300])
})

test('the picker works by keyboard alone', async () => {
  const workspaceId = await addWorkspace(admin, 'Keyboard')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await admin.getByRole('button', { name: 'Manage Users' }).first().focus()
  await admin.keyboard.press('Enter')
  const { dialog, search, list, option, changes } = picker(admin)
  await expect(search).toBeFocused()
  await admin.keyboard.type('user.01')
  await expect(option(/./u).first()).toHaveText(/user\.0100/u)
  await admin.keyboard.press('ArrowDown')
  await expect(list).toBeFocused()
  await admin.keyboard.press('Space')
  await admin.keyboard.press('ArrowDown')
  await admin.keyboard.press('ArrowDown')
  await admin.keyboard.press('Shift+Space')
  await expect(changes).toHaveText('3 to add')
  await admin.keyboard.press('End')
  await expect(list).toHaveAttribute('aria-activedescendant', /-49$/u)
  await expect(option(/user\.0149/u)).toBeVisible()
  // A typed letter goes to the search.
  await admin.keyboard.type('2')
  await expect(search).toBeFocused()
  await expect(search).toHaveValue('user.012')
  await admin.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(toast(admin, '3 users added')).toBeVisible()
  await expect(admin.getByRole('button', { name: 'Manage Users' }).and(admin.locator(':focus'))).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(users[100], users[101], users[102]))
})

test('a save shows immediately in other consoles and open pickers, and keeps their unsaved changes', async ({
  browser,
}) => {
  const workspaceId = await addWorkspace(admin, 'Live')
  const hers = await signIn(browser, server, 'mara')
  const other = await open(hers, workspaceId)
  await other.option(/^user.0005/u).click()
  await other.option(/^user.0006/u).click()
  await expect(other.changes).toHaveText('2 to add')
  const watching = await hers.context().newPage()
  await watching.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await expect(watching.getByText('No members yet')).toBeVisible()

  const mine = await open(admin, workspaceId)
  await mine.option(/^user.0006/u).click()
  await mine.option(/^user.0007/u).click()
  await expect(mine.changes).toHaveText('2 to add')
  await mine.save.click()
  // A toast stays while the pointer is on it.
  await toast(admin, '2 users added').hover()

  await expect(other.changes).toHaveText('1 to add')
  await expect(other.option(/^user.0007/u)).toHaveAttribute('aria-selected', 'true')
  await expect(watching.getByRole('cell', { name: /user.0006/u })).toBeVisible()
  await other.save.click()
  await expect(toast(hers, '1 user added')).toBeVisible()
  await expect(watching.getByRole('table', { name: 'Members' }).getByRole('row')).toHaveCount(4)
  expect(await members(workspaceId)).toEqual(sorted(users[5], users[6], users[7]))

  // Undo skips and names a user that changed since.
  expect((await call(hers, 'member.update', { workspaceId, remove: [users[6]] })).status).toBe(200)
  await toast(admin, '2 users added').getByRole('button', { name: 'Undo' }).click()
  await expect(toast(admin, 'Skipped because they changed in the meantime: user.0006.')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(users[5]))
  await hers.context().close()
})

test('two managers who save at the same time both get their changes', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Both', users.slice(10, 12))
  const hers = await signIn(browser, server, 'mara')
  const [mine, other] = [await open(admin, workspaceId), await open(hers, workspaceId)]
  await mine.find('user.0010')
  await mine.option(/^user.0010/u).click()
  await mine.find('user.0013')
  await mine.option(/^user.0013/u).click()
  await expect(mine.changes).toHaveText('1 to add, 1 to remove')
  await other.find('user.0014')
  await other.option(/^user.0014/u).click()
  await expect(other.changes).toHaveText('1 to add')
  await Promise.all([mine.save.click(), other.save.click()])
  await expect(toast(admin, '1 added, 1 removed')).toBeVisible()
  await expect(toast(hers, '1 user added')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(users[11], users[13], users[14]))
  await hers.context().close()
})

test('a user deleted during a save stops it; the picker names and removes the user, and the rest can be saved', async () => {
  const workspaceId = await addWorkspace(admin, 'Deleted user')
  const greta = await addUser(admin, 'greta', { displayName: 'Greta Olsen' })
  const saves = watchSaves(admin)
  const { option, save, changes, dialog } = await open(admin, workspaceId)
  await option(/^Greta Olsen/u).click()
  await option(/^user.0001/u).click()
  await admin.route(
    '**/trpc/member.update',
    async (route) => {
      expect((await call(admin, 'user.delete', { userId: greta, confirmation: 'greta' })).status).toBe(200)
      await route.continue()
    },
    { times: 1 },
  )
  await save.click()
  await expect(
    dialog.getByText('1 user no longer exists and was removed from your changes: greta. You can still save the rest.'),
  ).toBeVisible()
  expect(await members(workspaceId)).toEqual([])
  await expect(changes).toHaveText('1 to add')
  await save.click()
  await expect(toast(admin, '1 user added')).toBeVisible()
  expect(saves).toHaveLength(2)
  expect(await members(workspaceId)).toEqual(sorted(users[1]))
})

test('a save after the number of matches changed adds no one and shows the new number first', async () => {
  const workspaceId = await addWorkspace(admin, 'Changing')
  const { dialog, save, changes, search } = await open(admin, workspaceId)
  await search.fill('user.0')
  await dialog.getByRole('button', { name: `Select all ${USER_COUNT}` }).click()
  await admin.route(
    '**/trpc/member.update',
    async (route) => {
      await addUser(admin, 'user.0999')
      await route.continue()
    },
    { times: 1 },
  )
  await save.click()
  await expect(
    dialog.getByText(`Saving now would add ${USER_COUNT + 1} users instead of ${USER_COUNT}.`, { exact: false }),
  ).toBeVisible()
  expect(await members(workspaceId)).toEqual([])
  await expect(changes).toHaveText(`${USER_COUNT + 1} to add`)
  await save.click()
  await expect(toast(admin, `${USER_COUNT + 1} users added`)).toBeVisible()
})

test('suspended users are marked and can be removed', async () => {
  const suspended = await addUser(admin, 'ivo', { displayName: 'Ivo Silva' })
  const workspaceId = await addWorkspace(admin, 'Marked', [suspended])
  const { option, save } = await open(admin, workspaceId)
  await expect(option(/^Ivo Silva/u)).not.toContainText('Suspended')
  expect((await call(admin, 'user.suspend', { userId: suspended })).status).toBe(200)
  await expect(option(/^Ivo Silva/u)).toContainText('Suspended')
  await option(/^Ivo Silva/u).click()
  await save.click()
  await expect(toast(admin, '1 user removed')).toBeVisible()
})

test('closing the picker with unsaved changes asks for confirmation, however it is closed', async () => {
  const workspaceId = await addWorkspace(admin, 'Unsaved')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await admin.getByRole('button', { name: 'Manage Users' }).first().click()
  const { dialog, option, changes } = picker(admin)
  await option(/^user.0002/u).click()
  const confirmation = admin.getByRole('dialog', { name: 'Close without saving?' })
  const keep = confirmation.getByRole('button', { name: 'Keep editing' })

  await admin.keyboard.press('Escape')
  await expect(confirmation.getByText('1 unsaved change will be lost.')).toBeVisible()
  await expect(keep).toBeFocused()
  await admin.keyboard.press('Enter')
  await expect(confirmation).toBeHidden()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await keep.click()
  await admin.goBack()
  await keep.click()
  await expect(changes).toHaveText('1 to add')
  const asked = admin.waitForEvent('dialog')
  const reloaded = admin.reload()
  await (await asked).accept()
  await reloaded

  await option(/^user.0002/u).click()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await confirmation.getByRole('button', { name: 'Discard changes' }).click()
  await expect(dialog).toBeHidden()
  expect(await members(workspaceId)).toEqual([])
})

test('a member who leaves a workspace loses access; a manager who leaves can rejoin with Undo', async ({ browser }) => {
  const jule = await addUser(admin, 'jule')
  const workspaceId = await addWorkspace(admin, 'Leaving', [jule, users[0] ?? ''])
  const hers = await signIn(browser, server, 'jule')
  await hers.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await hers.getByRole('button', { name: 'Leave workspace' }).click()
  await hers.getByRole('dialog').getByRole('button', { name: 'Leave workspace' }).click()
  await expect(toast(hers, 'You left “Leaving”')).toBeVisible()
  await expect(hers.getByText('No workspaces yet')).toBeVisible()
  expect((await call(hers, 'member.leave', { workspaceId })).refusal?.code).toBe('NOT_FOUND')
  await hers.context().close()

  const manager = await signIn(browser, server, 'mara')
  const mara = await open(manager, workspaceId)
  await mara.option(/^Mara Lund/u).click()
  await mara.save.click()
  await manager.getByRole('button', { name: 'Leave workspace' }).click()
  await manager.getByRole('dialog').getByRole('button', { name: 'Leave workspace' }).click()
  await toast(manager, 'You left “Leaving”').getByRole('button', { name: 'Undo' }).click()
  await expect(manager.getByRole('button', { name: 'Leave workspace' })).toBeVisible()
  await manager.context().close()
})
