import { expect, type Locator, type Page } from '@playwright/test'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addUsers, addWorkspace, setUp, signIn } from './users.ts'

const CROWD = 320

let server: RosterServer
let admin: Page
let crowd: string[]
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  crowd = await addUsers(admin, CROWD)
  await addUser(admin, 'mara', { displayName: 'Mara Lund', role: 'manager' })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

/** The dialog of one console, and what one does in it. */
function picker(page: Page) {
  const dialog = page.getByRole('dialog', { name: 'Manage users' })
  return {
    dialog,
    search: dialog.getByRole('searchbox', { name: 'Search people' }),
    list: dialog.getByRole('listbox', { name: 'People of the organization' }),
    option: (name: string | RegExp) => dialog.getByRole('option', { name }),
    save: dialog.getByRole('button', { name: 'Save changes' }),
    changes: dialog.locator('footer p').first(),
    /** Searches for whom alone these letters name, and waits for it: rows that move away under a click don't get it. */
    async find(name: string) {
      await dialog.getByRole('searchbox', { name: 'Search people' }).fill(name)
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
const notice = (page: Page, text: string): Locator => page.getByRole('listitem').filter({ hasText: text })

/** What each save sends, from now on. */
function watchSaves(page: Page): { add: string[]; remove: string[]; addMatching?: { expectedCount: number; except: string[] } }[] {
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

test('people are found, ticked and cleared, stay so out of sight, and are saved as exactly that difference by one call; Undo takes it back', async () => {
  const workspaceId = await addWorkspace(admin, 'Research', crowd.slice(0, 3))
  const saves = watchSaves(admin)
  const { dialog, search, find, option, save, changes, show } = await open(admin, workspaceId)
  await expect(dialog.getByText(`${CROWD + 2} people`).first()).toBeVisible()
  await expect(save).toBeDisabled()

  await find('user.0200')
  await option(/^user.0200/u).click()
  await expect(changes).toHaveText('+1 to add')
  await find('son.0001')
  await option(/^user.0001/u).click()
  await expect(changes).toHaveText('+1 to add, −1 to remove')
  await search.fill('')
  await show('Selected')
  await expect(option(/./u)).toHaveCount(3)
  await expect(option(/^user.0200/u)).toHaveAttribute('aria-selected', 'true')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(option(/./u)).toHaveText([/user\.0001.*Remove/su, /user\.0200.*Add/su])

  await save.dblclick()
  await expect(dialog).toBeHidden()
  await expect(notice(admin, '1 added, 1 removed')).toBeVisible()
  expect(saves).toEqual([{ workspaceId, add: [crowd[200]], remove: [crowd[1]] }])
  expect(await members(workspaceId)).toEqual(sorted(crowd[0], crowd[2], crowd[200]))
  await expect(admin.getByRole('table', { name: 'Members' }).getByRole('row')).toHaveCount(4)

  await notice(admin, '1 added, 1 removed').getByRole('button', { name: 'Undo' }).click()
  await expect(notice(admin, 'Change undone')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(crowd[0], crowd[1], crowd[2]))
})

test('“select all matching” takes hundreds who are not loaded, drops nobody who was ticked before, and leaves out whom one clears', async () => {
  const workspaceId = await addWorkspace(admin, 'Everybody')
  const saves = watchSaves(admin)
  const { dialog, find, option, save, changes } = await open(admin, workspaceId)
  await option(/^Mara Lund/u).click()
  await dialog.getByRole('button', { name: 'Role' }).click()
  await admin.getByRole('menuitemcheckbox', { name: 'Default User' }).click()
  await admin.keyboard.press('Escape')
  await expect(dialog.getByText(`${CROWD} people`).first()).toBeVisible()
  await dialog.getByRole('button', { name: `Select all ${CROWD}` }).click()
  await expect(changes).toHaveText(`+${CROWD + 1} to add`)
  await find('user.0300')
  await option(/^user.0300/u).click()
  await expect(changes).toHaveText(`+${CROWD} to add`)
  await save.click()
  await expect(notice(admin, `${CROWD} people added`)).toBeVisible()
  expect(saves).toHaveLength(1)
  expect(saves[0]?.addMatching).toMatchObject({ expectedCount: CROWD, except: [crowd[300]] })
  const now = await members(workspaceId)
  expect(now).toHaveLength(CROWD)
  expect(now).not.toContain(crowd[300])
})

test('the whole of it goes by keyboard', async () => {
  const workspaceId = await addWorkspace(admin, 'By hand')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await admin.getByRole('button', { name: 'Manage users' }).first().focus()
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
  await expect(changes).toHaveText('+3 to add')
  await admin.keyboard.press('End')
  await expect(list).toHaveAttribute('aria-activedescendant', /-49$/u)
  await expect(option(/user\.0149/u)).toBeVisible()
  // A letter goes on in the search.
  await admin.keyboard.type('2')
  await expect(search).toBeFocused()
  await expect(search).toHaveValue('user.012')
  await admin.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(notice(admin, '3 people added')).toBeVisible()
  await expect(admin.getByRole('button', { name: 'Manage users' }).and(admin.locator(':focus'))).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(crowd[100], crowd[101], crowd[102]))
})

test('a save shows at once in every other open console, in an open picker too, and keeps what its owner changed', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Live')
  const hers = await signIn(browser, server, 'mara')
  const other = await open(hers, workspaceId)
  await other.option(/^user.0005/u).click()
  await other.option(/^user.0006/u).click()
  await expect(other.changes).toHaveText('+2 to add')
  const watching = await hers.context().newPage()
  await watching.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await expect(watching.getByText('Nobody is in this workspace')).toBeVisible()

  const mine = await open(admin, workspaceId)
  await mine.option(/^user.0006/u).click()
  await mine.option(/^user.0007/u).click()
  await expect(mine.changes).toHaveText('+2 to add')
  await mine.save.click()
  await expect(notice(admin, '2 people added')).toBeVisible()

  await expect(other.changes).toHaveText('+1 to add')
  await expect(other.option(/^user.0007/u)).toHaveAttribute('aria-selected', 'true')
  await expect(watching.getByRole('cell', { name: /user.0006/u })).toBeVisible()
  await other.save.click()
  await expect(notice(hers, '1 person added')).toBeVisible()
  await expect(watching.getByRole('table', { name: 'Members' }).getByRole('row')).toHaveCount(4)
  expect(await members(workspaceId)).toEqual(sorted(crowd[5], crowd[6], crowd[7]))

  // Undo skips and names whoever was changed again since.
  expect((await call(hers, 'member.update', { workspaceId, remove: [crowd[6]] })).status).toBe(200)
  await notice(admin, '2 people added').getByRole('button', { name: 'Undo' }).click()
  await expect(notice(admin, 'Changed since, and left as it is: user.0006.')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(crowd[5]))
  await hers.context().close()
})

test('two managers who save at the same moment both get what they changed', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Both', crowd.slice(10, 12))
  const hers = await signIn(browser, server, 'mara')
  const [mine, other] = [await open(admin, workspaceId), await open(hers, workspaceId)]
  await mine.find('user.0010')
  await mine.option(/^user.0010/u).click()
  await mine.find('user.0013')
  await mine.option(/^user.0013/u).click()
  await expect(mine.changes).toHaveText('+1 to add, −1 to remove')
  await other.find('user.0014')
  await other.option(/^user.0014/u).click()
  await expect(other.changes).toHaveText('+1 to add')
  await Promise.all([mine.save.click(), other.save.click()])
  await expect(notice(admin, '1 added, 1 removed')).toBeVisible()
  await expect(notice(hers, '1 person added')).toBeVisible()
  expect(await members(workspaceId)).toEqual(sorted(crowd[11], crowd[13], crowd[14]))
  await hers.context().close()
})

test('somebody deleted while a save is under way keeps it from being done; they are dropped by name, and the rest can be saved', async () => {
  const workspaceId = await addWorkspace(admin, 'Vanishing')
  const gone = await addUser(admin, 'greta', { displayName: 'Greta Olsen' })
  const saves = watchSaves(admin)
  const { option, save, changes, dialog } = await open(admin, workspaceId)
  await option(/^Greta Olsen/u).click()
  await option(/^user.0001/u).click()
  await admin.route(
    '**/trpc/member.update',
    async (route) => {
      expect((await call(admin, 'user.delete', { userId: gone, confirmation: 'greta' })).status).toBe(200)
      await route.continue()
    },
    { times: 1 },
  )
  await save.click()
  await expect(dialog.getByText('1 person isn’t there any more and was dropped from your changes: greta. The rest can still be saved.')).toBeVisible()
  expect(await members(workspaceId)).toEqual([])
  await expect(changes).toHaveText('+1 to add')
  await save.click()
  await expect(notice(admin, '1 person added')).toBeVisible()
  expect(saves).toHaveLength(2)
  expect(await members(workspaceId)).toEqual(sorted(crowd[1]))
})

test('others match by now than were counted: nobody is added unseen, and the new number is told first', async () => {
  const workspaceId = await addWorkspace(admin, 'Moving')
  const { dialog, save, changes, search } = await open(admin, workspaceId)
  await search.fill('user.0')
  await dialog.getByRole('button', { name: `Select all ${CROWD}` }).click()
  await admin.route(
    '**/trpc/member.update',
    async (route) => {
      await addUser(admin, 'user.0999')
      await route.continue()
    },
    { times: 1 },
  )
  await save.click()
  await expect(dialog.getByText(`Saving now would add ${CROWD + 1} instead of ${CROWD}.`, { exact: false })).toBeVisible()
  expect(await members(workspaceId)).toEqual([])
  await expect(changes).toHaveText(`+${CROWD + 1} to add`)
  await save.click()
  await expect(notice(admin, `${CROWD + 1} people added`)).toBeVisible()
})

test('suspended people are marked, and can be taken out', async () => {
  const suspended = await addUser(admin, 'ivo', { displayName: 'Ivo Silva' })
  const workspaceId = await addWorkspace(admin, 'Marked', [suspended])
  const { option, save } = await open(admin, workspaceId)
  await expect(option(/^Ivo Silva/u)).not.toContainText('Suspended')
  expect((await call(admin, 'user.suspend', { userId: suspended })).status).toBe(200)
  await expect(option(/^Ivo Silva/u)).toContainText('Suspended')
  await option(/^Ivo Silva/u).click()
  await save.click()
  await expect(notice(admin, '1 person removed')).toBeVisible()
})

test('closing over changes that aren’t saved asks first, whichever way one goes', async () => {
  const workspaceId = await addWorkspace(admin, 'Unsaved')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await admin.getByRole('button', { name: 'Manage users' }).first().click()
  const { dialog, option, changes } = picker(admin)
  await option(/^user.0002/u).click()
  const question = admin.getByRole('dialog', { name: 'Close without saving?' })
  const keep = question.getByRole('button', { name: 'Keep choosing' })

  await admin.keyboard.press('Escape')
  await expect(question.getByText('1 change isn’t saved yet and would be lost.')).toBeVisible()
  await expect(keep).toBeFocused()
  await admin.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await keep.click()
  await admin.goBack()
  await keep.click()
  await expect(changes).toHaveText('+1 to add')
  const asked = admin.waitForEvent('dialog')
  const reloaded = admin.reload()
  await (await asked).accept()
  await reloaded

  await option(/^user.0002/u).click()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await question.getByRole('button', { name: 'Discard changes' }).click()
  await expect(dialog).toBeHidden()
  expect(await members(workspaceId)).toEqual([])
})

test('a member leaves a workspace and can do nothing there any more; a manager who leaves can come back by Undo', async ({ browser }) => {
  const jule = await addUser(admin, 'jule')
  const workspaceId = await addWorkspace(admin, 'Leaving', [jule, crowd[0] ?? ''])
  const hers = await signIn(browser, server, 'jule')
  await hers.goto(`${server.address}/workspaces/${workspaceId}/members`)
  await hers.getByRole('button', { name: 'Leave workspace' }).click()
  await hers.getByRole('dialog').getByRole('button', { name: 'Leave workspace' }).click()
  await expect(notice(hers, 'You left “Leaving”')).toBeVisible()
  await expect(hers.getByText('No workspaces yet')).toBeVisible()
  expect((await call(hers, 'member.leave', { workspaceId })).refusal?.code).toBe('NOT_FOUND')
  await hers.context().close()

  const manager = await signIn(browser, server, 'mara')
  const mara = await open(manager, workspaceId)
  await mara.option(/^Mara Lund/u).click()
  await mara.save.click()
  await manager.getByRole('button', { name: 'Leave workspace' }).click()
  await manager.getByRole('dialog').getByRole('button', { name: 'Leave workspace' }).click()
  await notice(manager, 'You left “Leaving”').getByRole('button', { name: 'Undo' }).click()
  await expect(manager.getByRole('button', { name: 'Leave workspace' })).toBeVisible()
  await manager.context().close()
})
