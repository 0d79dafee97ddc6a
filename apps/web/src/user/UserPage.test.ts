import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { anId, type OpenConsole, openConsole, READER } from '../test.console.ts'
import { answerWith } from '../test.network.ts'
import { john, FakeUserApi } from './test.userApi.ts'
import { userRoutes } from './user.routes.ts'

let shown: OpenConsole | undefined
const PARTS = { '': 'How they get in', workspaces: 'Where they chat', sessions: 'Signed in now' }
async function page(server: FakeUserApi, role: 'administrator' | 'manager' = 'administrator', part: keyof typeof PARTS = '') {
  const calls = answerWith(server.answers())
  const routes = userRoutes.map((route) => (route.name === 'users' ? { path: 'settings/users', name: 'users', component: { render: () => 'the list' } } : route))
  shown = await openConsole(role, `/settings/users/${server.now?.id}${part && `/${part}`}`, routes)
  await shown.sees(PARTS[part])
  return { calls, sent: (procedure: string) => calls.filter(({ path }) => path === procedure).map(({ input }) => input), ...shown }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('a profile is saved, and nothing is asked of a name that stays', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sent } = await page(server)
  await type('Display name', 'Johnny')
  await press('Save changes')
  expect(server.now?.displayName).toBe('Johnny')
  expect(sent('user.update')).toEqual([{ userId: anId(7), expectedVersion: 1, displayName: 'Johnny', about: 'Sells.' }])
})

test('what was typed isn’t lost by leaving: that is asked first, for another part of the page too', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sees, field, router } = await page(server)
  await type('Display name', 'Johnny')
  await router.push(`/settings/users/${anId(7)}/workspaces`)
  await sees('Leave without saving?')
  await press('Keep editing')
  expect([router.currentRoute.value.name, field('Display name').value]).toEqual(['user', 'Johnny'])
  // Read beforehand, since the router waits for it, however long that takes.
  await import('./UserWorkspacesTab.vue')
  await router.push(`/settings/users/${anId(7)}/workspaces`)
  await press('Leave page')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('user-workspaces'))
  expect(server.now?.displayName).toBe('John Doe')
})

test('a save over somebody’s newer one shows who and what, keeps what was typed, and takes mine or theirs by field', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sees, field } = await page(server)
  await type('Display name', 'Johnny')
  await type('About', 'Sells a lot.')
  server.now = john({ displayName: 'J. Doe', about: 'Sells things.', version: 2 })
  await press('Save changes')
  await sees('amara saved changes while you were editing.')
  expect(server.now?.displayName).toBe('J. Doe')
  expect(field('Display name').value).toBe('Johnny')
  const theirs = document.querySelectorAll<HTMLInputElement>('input[name="conflict-about"]')[1]
  theirs?.click()
  await flushPromises()
  expect(field('About').value).toBe('Sells things.')
  await press('Save changes')
  expect(server.now).toMatchObject({ displayName: 'Johnny', about: 'Sells things.', version: 3 })
})

test('somebody else’s edit shows at once, but not over what is being typed', async () => {
  const server = new FakeUserApi(john())
  const { type, field, press } = await page(server)
  server.now = john({ about: 'Buys.', version: 2 })
  await press('Suspend')
  await vi.waitFor(() => expect(field('About').value).toBe('Buys.'))
  await type('About', 'Sells and buys.')
  server.now = { ...server.now, about: 'Rents.', version: 3 }
  await press('Reactivate')
  await flushPromises()
  expect(field('About').value).toBe('Sells and buys.')
})

test('a role is changed over the one that was seen, and Undo gives the old one back, the limit that went with it too', async () => {
  const server = new FakeUserApi(john())
  const { choose, press, said, sent, undo } = await page(server)
  await choose('Runs the whole instance')
  await press('Save role')
  expect(server.now).toMatchObject({ role: 'administrator', dailyLimit: null })
  expect(sent('user.setRole')).toEqual([{ userId: anId(7), role: 'administrator', expected: 'default' }])
  expect(said()).toEqual([['John Doe is now: Administrator']])
  await undo()
  await vi.waitFor(() => expect(server.now).toMatchObject({ role: 'default', dailyLimit: 5 }))
})

test('a role that was changed since is told, and not gone over unseen', async () => {
  const server = new FakeUserApi(john())
  const { choose, press, sees } = await page(server)
  await choose('Manages the people')
  server.now = john({ role: 'administrator' })
  await press('Save role')
  await sees('The role has since been changed to Administrator.')
  expect(server.now.role).toBe('administrator')
  await press('Save role')
  expect(server.now.role).toBe('manager')
})

test('a role that was changed again since stays, and Undo says so', async () => {
  const server = new FakeUserApi(john())
  const { choose, press, said, undo } = await page(server)
  await choose('Manages the people')
  await press('Save role')
  server.now = john({ role: 'administrator' })
  await undo()
  await vi.waitFor(() => expect(said().at(-1)).toEqual(['Something went wrong', 'The role has since been changed to Administrator.']))
  expect(server.now.role).toBe('administrator')
})

test('a manager is asked before making a manager, since they couldn’t take it back', async () => {
  const server = new FakeUserApi(john(), 'manager')
  const { choose, press, sees, text, said } = await page(server, 'manager')
  expect(text()).not.toContain('Runs the whole instance')
  await choose('Manages the people')
  await press('Save role')
  await sees('You won’t be able to take this back. Only an administrator can change a manager.')
  expect(server.now?.role).toBe('default')
  await press('Save role')
  await sees('You can look at this account, but not change it.')
  expect(server.now?.role).toBe('manager')
  expect(said()).toEqual([['John Doe is now: Manager']])
})

test('a daily limit is changed over the one that was seen, and Undo takes it back', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sent, undo, said } = await page(server)
  await type('Messages a day', '20')
  await press('Save limit')
  expect(sent('user.setLimit')).toEqual([{ userId: anId(7), dailyLimit: 20, expected: 5 }])
  expect(said()).toEqual([['John Doe now has 20 messages a day']])
  await undo()
  await vi.waitFor(() => expect(server.now?.dailyLimit).toBe(5))
})

test('suspending is told with Undo, and a banner stays with the way back', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, said, undo, text } = await page(server)
  await press('Suspend')
  await sees('John Doe is suspended: they can’t sign in')
  expect(said()).toEqual([['John Doe is suspended', 'All their sessions have ended.']])
  await undo()
  await vi.waitFor(() => expect(text()).not.toContain('they can’t sign in'))
  expect(server.now?.status).toBe('active')
})

test('who was reactivated by somebody else meanwhile stays so, and Undo says so', async () => {
  const server = new FakeUserApi(john())
  const { press, said, undo } = await page(server)
  await press('Suspend')
  server.setStatus('active')
  await undo()
  await vi.waitFor(() => expect(said().at(-1)).toEqual(['Something went wrong', 'The status has since been changed to Active.']))
})

test('from the person’s side one takes them out of a workspace, and Undo puts them back', async () => {
  const server = new FakeUserApi(john())
  const { press, sent, said, undo } = await page(server, 'administrator', 'workspaces')
  await press('Take out of “Research”')
  expect(server.now?.workspaces).toEqual([])
  expect(said()).toEqual([['Taken out of “Research”']])
  await undo()
  await vi.waitFor(() => expect(server.now?.workspaces).toHaveLength(1))
  expect(sent('member.update')).toEqual([
    { workspaceId: anId(21), remove: [anId(7)] },
    { workspaceId: anId(21), add: [anId(7)] },
  ])
})

test('a manager sees an administrator read-only, and is told why once', async () => {
  const { text } = await page(new FakeUserApi(john({ role: 'administrator', username: 'root' }), 'manager'), 'manager')
  expect(text().split('Only an administrator can change an administrator.')).toHaveLength(2)
  expect(text()).not.toContain('Set a password')
  expect(text()).not.toContain('Delete user')
  expect(document.querySelector('form input:not([role="combobox"])')).toBeNull()
})

test('one’s own page leads to the personal settings, and offers nothing that one can’t do to oneself', async () => {
  const { text, button } = await page(new FakeUserApi(john({ id: READER, role: 'manager' }), 'manager'), 'manager')
  expect(text()).toContain('This is your own account.')
  expect(button('Personal settings').getAttribute('href')).toBe('/settings/personal')
  expect(text()).not.toContain('Suspend')
  expect(text()).not.toContain('Save role')
})

test('a control that can’t be used now says why', async () => {
  const { button, press, calls } = await page(new FakeUserApi(john({ status: 'suspended', openSessions: 0 })))
  const link = button('Make a one-time link')
  expect([link.getAttribute('aria-disabled'), link.getAttribute('aria-description')]).toEqual(['true', 'This user is suspended.'])
  expect(button('Sign out everywhere').getAttribute('aria-description')).toBe('They are signed in nowhere.')
  await press('Make a one-time link')
  expect(calls.map(({ path }) => path)).not.toContain('user.createLink')
})

test('a password is set after the warning, and shown exactly once, in no address', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, text, field, router, type } = await page(server)
  await press('Set a password')
  await sees('This ends all their sessions')
  await type('Password', 'short')
  await press('Set password')
  await sees('At least 8 characters.')
  await press('Generate')
  const password = field('Password').value
  await press('Set password')
  await sees('Password set')
  expect(text()).toContain(password)
  expect(router.currentRoute.value.fullPath).not.toContain(password)
  await press('Done')
  await vi.waitFor(() => expect(text()).not.toContain(password))
  await press('Set a password')
  await sees('This ends all their sessions')
  expect(field('Password').value).toBe('')
})

test('a link that was just made stays on the screen although its person is gone', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, text } = await page(server)
  await press('Make a one-time link')
  await sees('An earlier link of theirs stops working.')
  server.now = null
  await press('Make link')
  await sees('http://127.0.0.1:3000/link#another-secret')
  await sees('This user doesn’t exist, or you don’t have access.')
  expect(text()).toContain('http://127.0.0.1:3000/link#another-secret')
})

test('deleting says what goes and what stays, wants the username typed, and goes back to the list', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, router, type, said } = await page(server)
  // What was typed is about nobody then: leaving isn't asked about.
  await type('Display name', 'Johnny')
  await press('Delete user')
  await sees('Password and links, sessions, and their place in every workspace')
  await sees('as “Deleted user”')
  await type('Type john.doe to confirm', 'john')
  await press('Delete user')
  await sees('That doesn’t match. Check the spelling.')
  expect(server.now).not.toBeNull()
  await type('Type john.doe to confirm', 'john.doe')
  await press('Delete user')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('users'))
  expect(server.now).toBeNull()
  expect(said()).toEqual([['John Doe is deleted']])
})

test('a person who was deleted meanwhile is told as gone, with a way back', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, button } = await page(server)
  server.now = null
  await press('Suspend')
  await sees('They may have been deleted.')
  expect(button('Go to users').getAttribute('href')).toBe('/settings/users')
})

test('the end of a membership is set over the one that was seen, told when it was changed meanwhile, and taken back by Undo', async () => {
  const server = new FakeUserApi(john())
  const { press, type, sees, said, sent, undo, button } = await page(server, 'administrator', 'workspaces')
  await press('Change when the membership of John Doe in “Research” ends')
  await sees('The day ends at midnight in Europe/Berlin.')
  await type('Last day', '2999-06-30')
  server.setExpiry('2998-01-01T23:00:00.000Z')
  await press('Save')
  await sees('The expiry of this membership has since been')
  await press('Save')
  await vi.waitFor(() => expect(said()).toEqual([['Last day of John Doe: Jun 30, 2999']]))
  await vi.waitFor(() => expect(button('Until Jun 30, 2999. Change when the membership of John Doe in “Research” ends')).toBeTruthy())
  await undo()
  await vi.waitFor(() => expect(server.now?.workspaces[0]?.expiresAt).toBe('2998-01-01T23:00:00.000Z'))
  expect(sent('member.setExpiry')).toEqual([
    { workspaceId: anId(21), userId: anId(7), lastDay: '2999-06-30', expected: null },
    { workspaceId: anId(21), userId: anId(7), lastDay: '2999-06-30', expected: '2998-01-01T23:00:00.000Z' },
    { workspaceId: anId(21), userId: anId(7), lastDay: '2998-01-01', expected: '2999-06-30T22:00:00.000Z' },
  ])
  await press('Until Jan 1, 2998. Change when the membership of John Doe in “Research” ends')
  await press('No end date')
  await vi.waitFor(() => expect(server.now?.workspaces[0]?.expiresAt).toBeNull())
})

test('somebody’s sessions are listed in words, open and over; one is ended at once', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, said, text, sent } = await page(server, 'administrator', 'sessions')
  await sees('Firefox on Windows')
  await sees('Ended by Max Müller')
  await press('End the session on Firefox on Windows')
  expect(said()).toEqual([['1 session ended', 'Firefox on Windows, John Doe']])
  expect(sent('user.endSession')).toEqual([{ userId: anId(7), sessionId: anId(31) }])
  await vi.waitFor(() => expect(text()).toContain('They are signed in nowhere.'))
})

test('sessions of somebody whom one doesn’t outrank are neither offered nor asked for', async () => {
  const server = new FakeUserApi(john({ role: 'administrator' }), 'manager')
  const { text, calls } = await page(server, 'manager')
  expect(text()).not.toContain('Sessions')
  expect(calls.map(({ path }) => path)).not.toContain('user.sessions')
})

test('who is taken out of a workspace before their membership ends comes back by Undo with that end, and not for good', async () => {
  const server = new FakeUserApi(john())
  server.setExpiry('2998-01-01T23:00:00.000Z')
  const { press, undo, sent } = await page(server, 'administrator', 'workspaces')
  await press('Take out of “Research”')
  await undo()
  await vi.waitFor(() => expect(server.now?.workspaces).toMatchObject([{ expiresAt: '2998-01-01T23:00:00.000Z' }]))
  expect(sent('member.update').at(-1)).toEqual({ workspaceId: anId(21), add: [anId(7)], ends: [{ userId: anId(7), expiresAt: '2998-01-01T23:00:00.000Z' }] })
})
