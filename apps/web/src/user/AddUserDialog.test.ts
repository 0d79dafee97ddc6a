import { refuse, type UserRow } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { anId, type OpenConsole, ORGANIZATION, openConsole, READER } from '../test.console.ts'
import { type Answers, answerWith } from '../test.network.ts'
import AddUserDialog from './AddUserDialog.vue'

const row = (username: string): UserRow => ({
  id: anId(7),
  organizationId: ORGANIZATION,
  username,
  displayName: null,
  role: 'default',
  status: 'active',
  dailyLimit: null,
  createdAt: new Date().toISOString(),
  lastSeenAt: null,
  secondFactor: false,
  workspaceCount: 0,
  workspaces: [],
})
const ORGANIZATIONS: Answers = { 'organization.list': () => [{ id: ORGANIZATION, name: 'Nordwind' }] }
const open = ref(true)
const page = defineComponent({ setup: () => () => h(AddUserDialog, { open: open.value, 'onUpdate:open': (now) => (open.value = now) }) })

let shown: OpenConsole | undefined
async function dialog(answers: Answers, role: 'administrator' | 'manager' = 'administrator') {
  open.value = true
  const calls = answerWith({ ...ORGANIZATIONS, ...answers })
  shown = await openConsole(role, '/settings/users', [{ path: 'settings/users', component: page }])
  await shown.sees('How they sign in')
  return { calls, sent: () => calls.filter(({ path }) => path === 'user.create').map(({ input }) => input), ...shown }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('each bad field is blamed in words beside it, the first one gets the focus, and nobody is added', async () => {
  const { press, type, sees, sent, field } = await dialog({})
  await type('Username', '-john')
  await press('Add user')
  await sees('Start with a letter or a digit.')
  await sees('At least 8 characters.')
  await vi.waitFor(() => expect(document.activeElement).toBe(field('Username')))
  expect(sent()).toEqual([])
})

test('a generated password is shown, long, and another each time', async () => {
  const { press, field } = await dialog({})
  await press('Generate')
  const first = field('Password').value
  expect(first).toMatch(/^[a-zA-Z2-9]{20}$/u)
  expect(field('Password').type).toBe('text')
  await press('Generate')
  expect(field('Password').value).not.toBe(first)
})

test('what the security policies ask of passwords is said, made, and left no choice about', async () => {
  answerWith(ORGANIZATIONS)
  open.value = true
  const strict = { passwordMin: 24, changeAtFirstSignIn: true }
  shown = await openConsole('administrator', '/settings/users', [{ path: 'settings/users', component: page }], strict)
  await shown.sees('At least 24 characters.')
  await shown.sees('The security policies want the first sign-in to ask for a new password.')
  await shown.press('Generate')
  expect(shown.field('Password').value).toHaveLength(24)
  expect(document.querySelector('[role="switch"]')?.getAttribute('aria-checked')).toBe('true')
})

test('a double click adds one user, and how they sign in is shown exactly once', async () => {
  const { press, type, button, sees, sent, text, field } = await dialog({ 'user.create': () => ({ user: row('john.doe'), link: null }) })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  button('Add user').click()
  button('Add user').click()
  await sees('john.doe was added')
  expect(sent()).toHaveLength(1)
  expect(text()).toContain('first day at work')
  expect(text()).toContain('Shown only this once')
  await press('Add another')
  expect(text()).not.toContain('first day at work')
  expect(field('Password').value).toBe('')
})

test('exactly what was chosen is sent: ten messages a day are offered, and a new password is asked for', async () => {
  const { press, type, sees, sent } = await dialog({ 'user.create': () => ({ user: row('john.doe'), link: null }) })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await type('Display name', 'John Doe')
  await press('Advanced')
  document.querySelectorAll<HTMLElement>('[role="switch"]')[1]?.click()
  await press('Add user')
  await sees('john.doe was added')
  expect(sent()).toEqual([
    {
      username: 'john.doe',
      displayName: 'John Doe',
      about: '',
      role: 'default',
      organizationId: ORGANIZATION,
      workspaceIds: [],
      dailyLimit: 10,
      credential: { kind: 'password', password: 'first day at work', changeRequired: true },
    },
  ])
})

test('a limit that is no whole number of 1 or more is refused beside its field', async () => {
  const { press, type, sees, sent } = await dialog({})
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Advanced')
  document.querySelectorAll<HTMLElement>('[role="switch"]')[1]?.click()
  await flushPromises()
  await type('Messages a day', '1.5')
  await press('Add user')
  await sees('Enter a whole number, 1 or higher.')
  expect(sent()).toEqual([])
})

test('instead of a password there is a one-time link, shown once with until when', async () => {
  const link = { path: '/link#secret-token', expiresAt: '2030-01-02T10:00:00.000Z' }
  const { press, type, choose, sees, sent, text } = await dialog({ 'user.create': () => ({ user: row('jane'), link }) })
  await type('Username', 'jane')
  await choose('With a one-time link')
  expect(text()).not.toContain('Generate')
  await press('Add user')
  await sees('jane was added')
  expect(sent()).toMatchObject([{ credential: { kind: 'link' } }])
  expect(text()).toContain('http://127.0.0.1:3000/link#secret-token')
  expect(text()).toContain('Jan 2, 2030')
})

test('neither the password nor the link is kept anywhere once the dialog is closed', async () => {
  const link = { path: '/link#secret-token', expiresAt: '2030-01-02T10:00:00.000Z' }
  const { press, type, sees, kept, text, router } = await dialog({ 'user.create': () => ({ user: row('jane'), link }) })
  await type('Username', 'jane')
  await type('Password', 'first day at work')
  await press('Add user')
  await sees('jane was added')
  await press('Done')
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull())
  for (const place of [kept(), text(), router.currentRoute.value.fullPath, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]) {
    expect(place).not.toContain('first day at work')
    expect(place).not.toContain('secret-token')
  }
})

test('a taken name is told beside the username, and what was typed stays', async () => {
  const { press, type, sees, field } = await dialog({
    'user.create': () => {
      throw refuse('NAME_TAKEN', { name: 'john.doe', what: 'username' })
    },
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add user')
  await sees('The name “john.doe” is taken.')
  await vi.waitFor(() => expect(document.activeElement).toBe(field('Username')))
  expect(field('Password').value).toBe('first day at work')
})

test('a manager is offered no administrator, and an administrator no daily limit for one', async () => {
  const manager = await dialog({}, 'manager')
  expect(manager.text()).toContain('Manages the people and workspaces')
  expect(manager.text()).not.toContain('Runs the whole instance')
  shown?.close()
  const { choose, text } = await dialog({})
  expect(text()).toContain('Advanced')
  await choose('Runs the whole instance')
  expect(text()).not.toContain('Advanced')
})

test('an answer that was lost is looked up: whoever was added after all is told with their sign-in details', async () => {
  const { press, type, sees, text } = await dialog({
    'user.create': () => {
      throw new TypeError('Failed to fetch')
    },
    'user.list': () => ({ rows: [row('john.doe')], before: null, after: null }),
    'user.get': () => ({ ...row('john.doe'), createdBy: { id: READER, username: 'reader' } }),
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add user')
  await sees('john.doe was added')
  expect(text()).toContain('first day at work')
})

test('an answer that was lost is looked up: whoever isn’t there was not added, and can be tried again', async () => {
  const { press, type, sees, field } = await dialog({
    'user.create': () => {
      throw new TypeError('Failed to fetch')
    },
    'user.list': () => ({ rows: [], before: null, after: null }),
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add user')
  await sees('“john.doe” was not added.')
  expect(field('Password').value).toBe('first day at work')
})

test('what was typed is not lost by closing without having been asked', async () => {
  const { press, type, sees } = await dialog({})
  await type('Username', 'john.doe')
  await press('Cancel')
  await sees('Close without adding?')
  expect(open.value).toBe(true)
  await press('Discard')
  expect(open.value).toBe(false)
})

test('workspaces that vanished meanwhile are told and dropped, and the rest can be saved', async () => {
  const [kept, gone] = [anId(21), anId(22)]
  let attempts = 0
  const { press, type, sees, sent, field, text } = await dialog({
    'workspace.list': () => ({
      rows: [kept, gone].map((id, at) => ({
        id,
        organizationId: ORGANIZATION,
        name: at === 0 ? 'Research' : 'Sales',
        archivedAt: null,
        createdAt: '2026-01-01T00:00:00Z',
        memberCount: 0,
        assigned: false,
      })),
      before: null,
      after: null,
      total: { count: 2, more: false },
    }),
    'user.create': () => {
      if (attempts++ === 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: [gone] })
      return { user: row('john.doe'), link: null }
    },
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  const search = field('Find workspaces')
  search.click()
  await sees('Sales')
  const enter = () => search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  enter()
  await flushPromises()
  enter()
  await flushPromises()
  await press('Add user')
  await sees('1 workspace can’t be found any more.')
  expect(text()).toContain('Research')
  await press('Add user')
  await sees('john.doe was added')
  expect(sent()).toMatchObject([{ workspaceIds: [kept, gone] }, { workspaceIds: [kept] }])
})
