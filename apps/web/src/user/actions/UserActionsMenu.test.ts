import type { UserRow } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { type Component, defineComponent, h, shallowRef } from 'vue'
import { type OpenConsole, openConsole } from '../../test.console.ts'
import { answerWith } from '../../test.network.ts'
import { FakeUserApi, john } from '../test.userApi.ts'
import UserActionsMenu from './UserActionsMenu.vue'

const row = (differing: Parameters<typeof john>[0] = {}): UserRow => ({
  ...john(differing),
  workspaceCount: 1,
  workspaces: [],
})
const EmptyPage: Component = { render: () => null }

let shown: OpenConsole | undefined
async function menu(
  user: UserRow,
  role: 'administrator' | 'manager' = 'administrator',
  server = new FakeUserApi(john(user.role === 'default' ? {} : { role: user.role }), role),
) {
  const calls = answerWith(server.answers())
  const listed = shallowRef<UserRow | null>(user)
  const list = defineComponent({
    setup: () => () => (listed.value ? h(UserActionsMenu, { user: listed.value }) : 'no row'),
  })
  shown = await openConsole(role, '/settings/users', [
    { path: 'settings/users', name: 'users', component: list },
    { path: 'settings/users/:userId', name: 'user', component: EmptyPage },
  ])
  const entries = () =>
    [...document.querySelectorAll('[role="menuitem"]')].map((item) => [
      item.textContent?.trim(),
      item.getAttribute('aria-disabled'),
      item.getAttribute('aria-description'),
    ])
  return {
    ...shown,
    calls,
    server,
    listed,
    entries,
    async open() {
      const button = document.querySelector<HTMLButtonElement>('button[aria-haspopup="menu"]')
      button?.focus()
      await flushPromises()
      button?.click()
      await vi.waitFor(() => expect(entries().length).toBeGreaterThan(0))
    },
  }
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('offers every action to an administrator, with Edit first and Delete last', async () => {
  const { open, entries } = await menu(row())
  await open()
  expect(entries()).toEqual([
    ['Edit', null, null],
    ['Set password', null, null],
    ['Create one-time sign-in link', null, null],
    ['Reset 2FA', null, null],
    ['Sign out everywhere', null, null],
    ['Suspend', null, null],
    ['Delete', null, null],
  ])
})

test('disables refused actions with their reason, and offers View profile instead of Edit', async () => {
  const { open, entries, text, press, calls } = await menu(row({ role: 'administrator' }), 'manager')
  await open()
  const reason = 'Only an administrator can change an administrator.'
  expect(entries()[0]).toEqual(['View profile', null, null])
  expect(entries().slice(1)).toEqual(
    ['Set password', 'Create one-time sign-in link', 'Reset 2FA', 'Sign out everywhere', 'Suspend', 'Delete'].map(
      (label) => [label, 'true', reason],
    ),
  )
  expect(text()).toContain(reason)
  await press('Suspend')
  await press('Delete')
  expect(calls).toEqual([])
  expect(text()).not.toContain('This can’t be undone.')
})

test('offers Undo after suspending', async () => {
  const { open, press, said, undo, server } = await menu(row())
  await open()
  await press('Suspend')
  expect(server.user?.status).toBe('suspended')
  expect(said()).toEqual([['John Doe suspended', 'The user was signed out everywhere.']])
  await undo()
  await vi.waitFor(() => expect(server.user?.status).toBe('active'))
})

test('keeps a later suspension on Undo, and says so', async () => {
  const { open, press, said, undo, server } = await menu(row())
  await open()
  await press('Suspend')
  server.setStatus('active')
  server.setStatus('suspended')
  await undo()
  await vi.waitFor(() =>
    expect(said()).toContainEqual(['Something went wrong', 'The status has since been changed to suspended.']),
  )
  expect(server.user?.status).toBe('suspended')
})

test('asks before signing a user out, and shows how many sessions ended', async () => {
  const { open, press, sees, said, server } = await menu(row())
  await open()
  await press('Sign out everywhere')
  await sees('Sign John Doe out everywhere?')
  expect(server.user?.openSessions).toBe(2)
  await press('Sign out everywhere')
  expect(server.user?.openSessions).toBe(0)
  expect(said()).toEqual([['John Doe signed out: 2 sessions ended']])
})

test('keeps a shown password when the row leaves the list', async () => {
  const { open, press, sees, text, listed, field } = await menu(row())
  await open()
  await press('Set password')
  await sees('This signs the user out everywhere')
  await press('Generate')
  const password = field('Password').value
  await press('Set password')
  await sees('Password set')
  listed.value = null
  await flushPromises()
  expect(text()).toContain('no row')
  expect(text()).toContain(password)
})
