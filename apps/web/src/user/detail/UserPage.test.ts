import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { anId, type OpenConsole, openConsole, READER } from '../../test.console.ts'
import { type Answers, answerWith } from '../../test.network.ts'
import { FakeUserApi, john } from '../test.userApi.ts'
import { userRoutes } from '../user.routes.ts'

let shown: OpenConsole | undefined
const TABS = {
  '': 'Password, 2FA and active sessions',
  workspaces: 'Where this user can chat',
  sessions: 'Active sessions',
}
async function page(
  server: FakeUserApi,
  role: 'administrator' | 'manager' = 'administrator',
  tab: keyof typeof TABS = '',
  more: Answers = {},
) {
  const calls = answerWith({ ...server.answers(), ...more })
  const routes = userRoutes.map((route) =>
    route.name === 'users' ? { path: 'settings/users', name: 'users', component: { render: () => 'the list' } } : route,
  )
  shown = await openConsole(role, `/settings/users/${server.user?.id}${tab && `/${tab}`}`, routes)
  await shown.sees(TABS[tab])
  return {
    calls,
    sent: (procedure: string) => calls.filter(({ path }) => path === procedure).map(({ input }) => input),
    ...shown,
  }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('saves a profile, and leaves out an unchanged username', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sent } = await page(server)
  await type('Display name', 'Johnny')
  await press('Save Changes')
  expect(server.user?.displayName).toBe('Johnny')
  expect(sent('user.update')).toEqual([{ userId: anId(7), expectedVersion: 1, displayName: 'Johnny', about: 'Sells.' }])
})

test('asks before unsaved input is lost, also when changing tabs', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sees, field, router } = await page(server)
  await type('Display name', 'Johnny')
  await router.push(`/settings/users/${anId(7)}/workspaces`)
  await sees('Leave without saving?')
  await press('Keep editing')
  expect([router.currentRoute.value.name, field('Display name').value]).toEqual(['user', 'Johnny'])
  // Load the tab first, since the router waits for it.
  await import('./UserWorkspacesTab.vue')
  await router.push(`/settings/users/${anId(7)}/workspaces`)
  await press('Leave page')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('user-workspaces'))
  expect(server.user?.displayName).toBe('John Doe')
})

test('shows a conflict with its author, keeps the input, and applies the chosen value per field', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sees, field } = await page(server)
  await type('Display name', 'Johnny')
  await type('About', 'Sells a lot.')
  server.user = john({ displayName: 'J. Doe', about: 'Sells things.', version: 2 })
  await press('Save Changes')
  await sees('amara saved changes while you were editing.')
  expect(server.user?.displayName).toBe('J. Doe')
  expect(field('Display name').value).toBe('Johnny')
  const theirs = document.querySelectorAll<HTMLInputElement>('input[name="conflict-about"]')[1]
  theirs?.click()
  await flushPromises()
  expect(field('About').value).toBe('Sells things.')
  await press('Save Changes')
  expect(server.user).toMatchObject({ displayName: 'Johnny', about: 'Sells things.', version: 3 })
})

test('shows a newer version immediately, but not over unsaved input', async () => {
  const server = new FakeUserApi(john())
  const { type, field, press } = await page(server)
  server.user = john({ about: 'Buys.', version: 2 })
  await press('Suspend')
  await vi.waitFor(() => expect(field('About').value).toBe('Buys.'))
  await type('About', 'Sells and buys.')
  server.user = { ...server.user, about: 'Rents.', version: 3 }
  await press('Reactivate')
  await flushPromises()
  expect(field('About').value).toBe('Sells and buys.')
})

test('changes a role, and restores the former role and limit on Undo', async () => {
  const server = new FakeUserApi(john())
  const { select, press, said, sent, undo } = await page(server)
  await select('Role', 'Administrator')
  await press('Save role')
  expect(server.user).toMatchObject({ role: 'administrator', dailyLimit: null })
  expect(sent('user.setRole')).toEqual([{ userId: anId(7), role: 'administrator', expected: 'default' }])
  expect(said()).toEqual([['Role of John Doe changed to Administrator']])
  await undo()
  await vi.waitFor(() => expect(server.user).toMatchObject({ role: 'default', dailyLimit: 5 }))
})

test('shows a conflict of roles, and saves over it only on the next attempt', async () => {
  const server = new FakeUserApi(john())
  const { select, press, sees } = await page(server)
  await select('Role', 'Manager')
  server.user = john({ role: 'administrator' })
  await press('Save role')
  await sees('The role has since been changed to Administrator.')
  expect(server.user.role).toBe('administrator')
  await press('Save role')
  expect(server.user.role).toBe('manager')
})

test('keeps a role that changed again on Undo, and says so', async () => {
  const server = new FakeUserApi(john())
  const { select, press, said, undo } = await page(server)
  await select('Role', 'Manager')
  await press('Save role')
  server.user = john({ role: 'administrator' })
  await undo()
  await vi.waitFor(() =>
    expect(said().at(-1)).toEqual(['Something went wrong', 'The role has since been changed to Administrator.']),
  )
  expect(server.user.role).toBe('administrator')
})

test('asks a manager for confirmation before assigning the role Manager', async () => {
  const server = new FakeUserApi(john(), 'manager')
  const { options, select, press, sees, said } = await page(server, 'manager')
  expect((await options('Role')).map((option) => option.textContent?.trim().split(' ')[0])).toEqual([
    'Default',
    'Manager',
  ])
  await select('Role', 'Manager')
  await press('Save role')
  await sees('You won’t be able to undo this yourself. Only an administrator can change a manager.')
  expect(server.user?.role).toBe('default')
  await press('Save role')
  await sees('You can view this user, but not make changes.')
  expect(server.user?.role).toBe('manager')
  expect(said()).toEqual([['Role of John Doe changed to Manager']])
})

test('changes a daily limit, and restores it on Undo', async () => {
  const server = new FakeUserApi(john())
  const { type, press, sent, undo, said } = await page(server)
  await type('Messages per day', '20')
  await press('Save limit')
  expect(sent('user.setLimit')).toEqual([{ userId: anId(7), dailyLimit: 20, expected: 5 }])
  expect(said()).toEqual([['Limit for John Doe set to 20 messages per day']])
  await undo()
  await vi.waitFor(() => expect(server.user?.dailyLimit).toBe(5))
})

test('offers Undo after suspending, and keeps a banner with Reactivate', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, said, undo, text } = await page(server)
  await press('Suspend')
  await sees('John Doe is suspended and can’t sign in')
  expect(said()).toEqual([['John Doe suspended', 'The user was signed out everywhere.']])
  await undo()
  await vi.waitFor(() => expect(text()).not.toContain('can’t sign in'))
  expect(server.user?.status).toBe('active')
})

test('keeps a status that another user changed on Undo, and says so', async () => {
  const server = new FakeUserApi(john())
  const { press, said, undo } = await page(server)
  await press('Suspend')
  server.setStatus('active')
  await undo()
  await vi.waitFor(() =>
    expect(said().at(-1)).toEqual(['Something went wrong', 'The status has since been changed to active.']),
  )
})

test('removes a user from a workspace, and adds them back on Undo', async () => {
  const server = new FakeUserApi(john())
  const { press, sent, said, undo } = await page(server, 'administrator', 'workspaces')
  await press('Remove from “Research”')
  expect(server.user?.workspaces).toEqual([])
  expect(said()).toEqual([['Removed from “Research”']])
  await undo()
  await vi.waitFor(() => expect(server.user?.workspaces).toHaveLength(1))
  expect(sent('member.update')).toEqual([
    { workspaceId: anId(21), remove: [anId(7)] },
    { workspaceId: anId(21), add: [anId(7)] },
  ])
})

test('Enter chooses from the workspaces that match what was typed, also before they have arrived', async () => {
  const server = new FakeUserApi(john({ workspaces: [] }))
  const rows = ['Archive', 'Research'].map((name, at) => ({
    id: anId(20 + at),
    name,
    organizationId: server.user?.organizationId ?? '',
    archivedAt: null,
    assigned: false,
    expiresAt: null,
    memberCount: 0,
    createdAt: '2026-11-01T09:00:00.000Z',
  }))
  const arrived = Promise.withResolvers<void>()
  const { sent, sees } = await page(server, 'administrator', 'workspaces', {
    'workspace.list': async ({ search = '' }) => {
      if (search !== '') await arrived.promise
      // The list without a text ends before Research, as a long one does.
      const found = search === '' ? rows.slice(0, 1) : rows.slice(1)
      return { rows: found, before: null, after: 'more', total: { count: 2, more: false } }
    },
  })
  const field = document.querySelector<HTMLInputElement>('input[role="combobox"]')
  if (!field) throw new Error('There is no search field.')
  field.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  await sees('Archive')
  field.value = 'res'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  await flushPromises()
  expect(sent('member.update')).toEqual([])
  arrived.resolve()
  await vi.waitFor(() => expect(sent('member.update')).toEqual([{ workspaceId: anId(21), add: [anId(7)] }]))
  await vi.waitFor(() => expect(server.user?.workspaces).toHaveLength(1))
})

test('shows an administrator read-only to a manager, with the reason once', async () => {
  const { text } = await page(new FakeUserApi(john({ role: 'administrator', username: 'root' }), 'manager'), 'manager')
  expect(text().split('Only an administrator can change an administrator.')).toHaveLength(2)
  expect(text()).not.toContain('Set password')
  expect(text()).not.toContain('Delete user')
  expect(document.querySelector('form input:not([role="combobox"])')).toBeNull()
})

test('links to the personal settings on the principal’s own page, without refused actions', async () => {
  const { text, button } = await page(new FakeUserApi(john({ id: READER, role: 'manager' }), 'manager'), 'manager')
  expect(text()).toContain('This is your own account.')
  expect(button('Personal settings').getAttribute('href')).toBe('/settings/personal')
  expect(text()).not.toContain('Suspend')
  expect(text()).not.toContain('Save role')
})

test('shows why a control is disabled', async () => {
  const { button, press, calls } = await page(new FakeUserApi(john({ status: 'suspended', openSessions: 0 })))
  const link = button('Create one-time sign-in link')
  expect([link.getAttribute('aria-disabled'), link.getAttribute('aria-description')]).toEqual([
    'true',
    'This user is suspended.',
  ])
  expect(button('Sign out everywhere').getAttribute('aria-description')).toBe('Not signed in on any device.')
  await press('Create one-time sign-in link')
  expect(calls.map(({ path }) => path)).not.toContain('user.createLink')
})

test('sets a password after a warning, shows it once, and keeps it out of the URL', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, text, field, router, type } = await page(server)
  await press('Set password')
  await sees('This signs the user out everywhere')
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
  await press('Set password')
  await sees('This signs the user out everywhere')
  expect(field('Password').value).toBe('')
})

test('keeps a new link on screen when its user is deleted', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, text } = await page(server)
  await press('Create one-time sign-in link')
  await sees('Any earlier link stops working.')
  server.user = null
  await press('Create link')
  await sees('http://127.0.0.1:3000/link#another-secret')
  await sees('This user doesn’t exist, or you don’t have access.')
  expect(text()).toContain('http://127.0.0.1:3000/link#another-secret')
})

test('lists what will be deleted and kept, asks for the username, and returns to the list', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, router, type, said } = await page(server)
  // Unsaved input of a deleted user needs no confirmation.
  await type('Display name', 'Johnny')
  await press('Delete user')
  await sees('Password, one-time links, sessions, memberships and open invitations')
  await sees('as “Deleted user”')
  await type('Type john.doe to confirm', 'john')
  await press('Delete user')
  await sees('That doesn’t match. Check the spelling.')
  expect(server.user).not.toBeNull()
  await type('Type john.doe to confirm', 'john.doe')
  await press('Delete user')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('users'))
  expect(server.user).toBeNull()
  expect(said()).toEqual([['John Doe deleted']])
})

test('shows that a user was deleted, with a link to the list', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, button } = await page(server)
  server.user = null
  await press('Suspend')
  await sees('The user may have been deleted.')
  expect(button('Go to users').getAttribute('href')).toBe('/settings/users')
})

test('sets an access end date, shows a conflict, and restores the former date on Undo', async () => {
  const server = new FakeUserApi(john())
  const { press, type, sees, said, sent, undo, button } = await page(server, 'administrator', 'workspaces')
  await press('Change access end date for John Doe in “Research”')
  await sees('Ends at midnight, Europe/Berlin.')
  await type('Last day', '2999-06-30')
  server.setExpiry('2998-01-01T23:00:00.000Z')
  await press('Save end date')
  await sees('The expiry of this membership has since been')
  await press('Save end date')
  await vi.waitFor(() => expect(said()).toEqual([['John Doe has access until Jun 30, 2999']]))
  await vi.waitFor(() =>
    expect(button('Until Jun 30, 2999. Change access end date for John Doe in “Research”')).toBeTruthy(),
  )
  await undo()
  await vi.waitFor(() => expect(server.user?.workspaces[0]?.expiresAt).toBe('2998-01-01T23:00:00.000Z'))
  expect(sent('member.setExpiry')).toEqual([
    { workspaceId: anId(21), userId: anId(7), lastDay: '2999-06-30', expected: null },
    { workspaceId: anId(21), userId: anId(7), lastDay: '2999-06-30', expected: '2998-01-01T23:00:00.000Z' },
    { workspaceId: anId(21), userId: anId(7), lastDay: '2998-01-01', expected: '2999-06-30T22:00:00.000Z' },
  ])
  await press('Until Jan 1, 2998. Change access end date for John Doe in “Research”')
  await press('Remove end date')
  await vi.waitFor(() => expect(server.user?.workspaces[0]?.expiresAt).toBeNull())
})

test('lists active and ended sessions, and ends one', async () => {
  const server = new FakeUserApi(john())
  const { press, sees, said, text, sent } = await page(server, 'administrator', 'sessions')
  await sees('Firefox on Windows')
  await sees('Ended by Max Müller')
  await press('Sign out Firefox on Windows')
  expect(said()).toEqual([['1 session ended', 'Firefox on Windows, John Doe']])
  expect(sent('user.endSession')).toEqual([{ userId: anId(7), sessionId: anId(31) }])
  await vi.waitFor(() => expect(text()).toContain('Not signed in on any device.'))
})

test('neither shows nor loads sessions of a user with a higher role', async () => {
  const server = new FakeUserApi(john({ role: 'administrator' }), 'manager')
  const { text, calls } = await page(server, 'manager')
  expect(text()).not.toContain('Sessions')
  expect(calls.map(({ path }) => path)).not.toContain('user.sessions')
})

test('restores a removed membership with its end date on Undo', async () => {
  const server = new FakeUserApi(john())
  server.setExpiry('2998-01-01T23:00:00.000Z')
  const { press, undo, sent } = await page(server, 'administrator', 'workspaces')
  await press('Remove from “Research”')
  await undo()
  await vi.waitFor(() => expect(server.user?.workspaces).toMatchObject([{ expiresAt: '2998-01-01T23:00:00.000Z' }]))
  expect(sent('member.update').at(-1)).toEqual({
    workspaceId: anId(21),
    add: [anId(7)],
    ends: [{ userId: anId(7), expiresAt: '2998-01-01T23:00:00.000Z' }],
  })
})

test('focuses the profile form when the page opens from Edit', async () => {
  const server = new FakeUserApi(john())
  const { router, field } = await page(server)
  await router.push(`/settings/users/${anId(7)}/workspaces`)
  await router.push(`/settings/users/${anId(7)}#edit`)
  await vi.waitFor(() => expect(document.activeElement).toBe(field('Username')))
})
