import { refuse, type UserRow } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { organization } from '../../organization/test.organizations.ts'
import { anId, type OpenConsole, ORGANIZATION, openConsole } from '../../test.console.ts'
import { type Answers, answerWith, pageOf } from '../../test.network.ts'
import { john } from '../test.userApi.ts'
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
const ORGANIZATIONS: Answers = { 'organization.list': () => pageOf(organization(ORGANIZATION, 'Nordwind')) }
const open = ref(true)
const page = defineComponent({
  setup: () => () => h(AddUserDialog, { open: open.value, 'onUpdate:open': (now) => (open.value = now) }),
})

let shown: OpenConsole | undefined
async function dialog(answers: Answers, role: 'administrator' | 'manager' = 'administrator') {
  open.value = true
  const calls = answerWith({ ...ORGANIZATIONS, ...answers })
  shown = await openConsole(role, '/settings/users', [{ path: 'settings/users', component: page }])
  await shown.sees('Sign-in method')
  return { calls, sent: () => calls.filter(({ path }) => path === 'user.create').map(({ input }) => input), ...shown }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('shows each field error beside its field, focuses the first one and adds no user', async () => {
  const { press, type, sees, sent, field } = await dialog({})
  await type('Username', '-john')
  await press('Add User')
  await sees('Start with a letter or a number.')
  await sees('At least 8 characters.')
  await vi.waitFor(() => expect(document.activeElement).toBe(field('Username')))
  expect(sent()).toEqual([])
})

test('shows a generated password, which is long and differs each time', async () => {
  const { press, field } = await dialog({})
  await press('Generate')
  const first = field('Password').value
  expect(first).toMatch(/^[a-zA-Z2-9]{20}$/u)
  expect(field('Password').type).toBe('text')
  await press('Generate')
  expect(field('Password').value).not.toBe(first)
})

test('follows the security policy for password length and first sign-in', async () => {
  answerWith(ORGANIZATIONS)
  open.value = true
  const strict = { passwordMin: 24, changeAtFirstSignIn: true }
  shown = await openConsole('administrator', '/settings/users', [{ path: 'settings/users', component: page }], strict)
  await shown.sees('At least 24 characters.')
  await shown.sees('Your security policy requires users to change their password when they first sign in.')
  await shown.press('Generate')
  expect(shown.field('Password').value).toHaveLength(24)
  expect(document.querySelector('[role="switch"]')?.getAttribute('aria-checked')).toBe('true')
})

test('adds one user on a double click, and shows the sign-in details once', async () => {
  const { press, type, button, sees, sent, text, field } = await dialog({
    'user.create': () => ({ user: row('john.doe'), link: null }),
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  button('Add User').click()
  button('Add User').click()
  await sees('john.doe added')
  expect(sent()).toHaveLength(1)
  expect(text()).toContain('first day at work')
  expect(text()).toContain('You won’t see this again.')
  await press('Add another')
  expect(text()).not.toContain('first day at work')
  expect(field('Password').value).toBe('')
})

test('sends exactly the form’s values: a limit of ten when switched on, and a required new password', async () => {
  const { press, type, sees, sent } = await dialog({ 'user.create': () => ({ user: row('john.doe'), link: null }) })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await type('Display name', 'John Doe')
  await press('Advanced Options')
  document.querySelectorAll<HTMLElement>('[role="switch"]')[1]?.click()
  await press('Add User')
  await sees('john.doe added')
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

test('rejects a limit that is no whole number of 1 or higher', async () => {
  const { press, type, sees, sent } = await dialog({})
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Advanced Options')
  document.querySelectorAll<HTMLElement>('[role="switch"]')[1]?.click()
  await flushPromises()
  await type('Messages per day', '1.5')
  await press('Add User')
  await sees('Enter a whole number, 1 or higher.')
  expect(sent()).toEqual([])
})

test('creates a one-time link, shown once with its expiry', async () => {
  const link = { path: '/link#secret-token', expiresAt: '2030-01-02T10:00:00.000Z' }
  const { press, type, choose, sees, sent, text } = await dialog({ 'user.create': () => ({ user: row('jane'), link }) })
  await type('Username', 'jane')
  await choose('With a one-time link')
  expect(text()).not.toContain('Generate')
  await press('Add User')
  await sees('jane added')
  expect(sent()).toMatchObject([{ credential: { kind: 'link' } }])
  expect(text()).toContain('http://127.0.0.1:3000/link#secret-token')
  expect(text()).toContain('Jan 2, 2030')
})

test('keeps neither the password nor the link after closing', async () => {
  const link = { path: '/link#secret-token', expiresAt: '2030-01-02T10:00:00.000Z' }
  const { press, type, sees, kept, text, router } = await dialog({ 'user.create': () => ({ user: row('jane'), link }) })
  await type('Username', 'jane')
  await type('Password', 'first day at work')
  await press('Add User')
  await sees('jane added')
  await press('Done')
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull())
  for (const stored of [
    kept(),
    text(),
    router.currentRoute.value.fullPath,
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
  ]) {
    expect(stored).not.toContain('first day at work')
    expect(stored).not.toContain('secret-token')
  }
})

test('shows a taken username beside its field, and keeps the input', async () => {
  const { press, type, sees, field } = await dialog({
    'user.create': () => {
      throw refuse('NAME_TAKEN', { name: 'john.doe', what: 'username' })
    },
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add User')
  await sees('The name “john.doe” is taken.')
  await vi.waitFor(() => expect(document.activeElement).toBe(field('Username')))
  expect(field('Password').value).toBe('first day at work')
})

test('offers a manager no Administrator role, and no daily limit for an administrator', async () => {
  const manager = await dialog({}, 'manager')
  const offered = (await manager.options('Role')).map((option) => option.textContent?.trim())
  expect(offered).toEqual([
    'Default User Can use the workspaces they’re added to.',
    'Manager Manages the users and workspaces of their organization.',
  ])
  shown?.close()
  const { select, text } = await dialog({})
  expect(text()).toContain('Advanced Options')
  await select('Role', 'Administrator')
  expect(text()).not.toContain('Advanced Options')
})

test('shows the sign-in details after a lost answer if the user was added', async () => {
  const { press, type, sees, text } = await dialog({
    'user.create': () => {
      throw new TypeError('Failed to fetch')
    },
    'user.list': () => pageOf(row('john.doe')),
    'user.get': () => john({ createdAt: new Date().toISOString(), lastSeenAt: null }),
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add User')
  await sees('john.doe added')
  expect(text()).toContain('first day at work')
})

test('allows another attempt after a lost answer if the user was not added', async () => {
  const { press, type, sees, field } = await dialog({
    'user.create': () => {
      throw new TypeError('Failed to fetch')
    },
    'user.list': () => pageOf(),
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  await press('Add User')
  await sees('“john.doe” was not added.')
  expect(field('Password').value).toBe('first day at work')
})

test('asks before closing discards the input', async () => {
  const { press, type, sees } = await dialog({})
  await type('Username', 'john.doe')
  await press('Cancel')
  await sees('Close without adding the user?')
  expect(open.value).toBe(true)
  await press('Discard')
  expect(open.value).toBe(false)
})

test('removes deleted workspaces with a message, and saves the rest', async () => {
  const [kept, deleted] = [anId(21), anId(22)]
  let attempts = 0
  const { press, type, sees, sent, field, text } = await dialog({
    'workspace.list': () =>
      pageOf(
        ...[kept, deleted].map((id, at) => ({
          id,
          organizationId: ORGANIZATION,
          name: at === 0 ? 'Research' : 'Sales',
          archivedAt: null,
          createdAt: '2026-01-01T00:00:00Z',
          memberCount: 0,
          assigned: false,
          expiresAt: null,
        })),
      ),
    'user.create': () => {
      if (attempts++ === 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: [deleted] })
      return { user: row('john.doe'), link: null }
    },
  })
  await type('Username', 'john.doe')
  await type('Password', 'first day at work')
  const search = field('Find workspaces')
  search.click()
  await sees('Sales')
  const enter = () =>
    search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  enter()
  await flushPromises()
  enter()
  await flushPromises()
  await press('Add User')
  await sees('1 selected workspace no longer exists. Nothing was changed.')
  expect(text()).toContain('Research')
  await press('Add User')
  await sees('john.doe added')
  expect(sent()).toMatchObject([{ workspaceIds: [kept, deleted] }, { workspaceIds: [kept] }])
})
