import type { UserRow } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { type Component, defineComponent, h, shallowRef } from 'vue'
import { type OpenConsole, openConsole } from '../test.console.ts'
import { answerWith } from '../test.network.ts'
import { john, FakeUserApi } from './test.userApi.ts'
import UserActionsMenu from './UserActionsMenu.vue'

const row = (differing: Parameters<typeof john>[0] = {}): UserRow => ({ ...john(differing), workspaceCount: 1, workspaces: [] })
const nothing: Component = { render: () => null }

let shown: OpenConsole | undefined
async function menu(
  user: UserRow,
  role: 'administrator' | 'manager' = 'administrator',
  server = new FakeUserApi(john(user.role === 'default' ? {} : { role: user.role }), role),
) {
  const calls = answerWith(server.answers())
  const there = shallowRef<UserRow | null>(user)
  const list = defineComponent({ setup: () => () => (there.value ? h(UserActionsMenu, { user: there.value }) : 'nobody') })
  shown = await openConsole(role, '/settings/users', [
    { path: 'settings/users', name: 'users', component: list },
    { path: 'settings/users/:userId', name: 'user', component: nothing },
  ])
  const entries = () =>
    [...document.querySelectorAll('[role="menuitem"]')].map((each) => [
      each.textContent?.trim(),
      each.getAttribute('aria-disabled'),
      each.getAttribute('aria-description'),
    ])
  return {
    ...shown,
    calls,
    server,
    there,
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

test('whoever outranks them may do everything from the row', async () => {
  const { open, entries } = await menu(row())
  await open()
  expect(entries()).toEqual([
    ['Open profile', null, null],
    ['Suspend', null, null],
    ['Sign out everywhere', null, null],
    ['Set a password', null, null],
    ['Reset 2FA', null, null],
    ['Make a one-time link', null, null],
    ['Delete', null, null],
  ])
})

test('what the policy refuses is closed, says why, and does nothing', async () => {
  const { open, entries, text, press, calls } = await menu(row({ role: 'administrator' }), 'manager')
  await open()
  const why = 'Only an administrator can change an administrator.'
  expect(entries().slice(1)).toEqual(
    ['Suspend', 'Sign out everywhere', 'Set a password', 'Reset 2FA', 'Make a one-time link', 'Delete'].map((label) => [label, 'true', why]),
  )
  expect(text()).toContain(why)
  await press('Suspend')
  await press('Delete')
  expect(calls).toEqual([])
  expect(text()).not.toContain('This can’t be taken back.')
})

test('suspending from the row offers Undo', async () => {
  const { open, press, said, undo, server } = await menu(row())
  await open()
  await press('Suspend')
  expect(server.now?.status).toBe('suspended')
  expect(said()).toEqual([['John Doe is suspended', 'All their sessions have ended.']])
  await undo()
  await vi.waitFor(() => expect(server.now?.status).toBe('active'))
})

test('Undo leaves a later suspension as it is, and says so', async () => {
  const { open, press, said, undo, server } = await menu(row())
  await open()
  await press('Suspend')
  server.setStatus('active')
  server.setStatus('suspended')
  await undo()
  await vi.waitFor(() => expect(said()).toContainEqual(['That did not work', 'The status was changed meanwhile: it is now Suspended.']))
  expect(server.now?.status).toBe('suspended')
})

test('signing somebody out is asked first, and tells how many sessions ended', async () => {
  const { open, press, sees, said, server } = await menu(row())
  await open()
  await press('Sign out everywhere')
  await sees('Sign John Doe out everywhere?')
  expect(server.now?.openSessions).toBe(2)
  await press('Sign out everywhere')
  expect(server.now?.openSessions).toBe(0)
  expect(said()).toEqual([['2 sessions of John Doe ended']])
})

test('a password stays on the screen although the list’s next page no longer has their row', async () => {
  const { open, press, sees, text, there, field } = await menu(row())
  await open()
  await press('Set a password')
  await sees('This ends all their sessions')
  await press('Generate')
  const password = field('Password').value
  await press('Set password')
  await sees('Password set')
  there.value = null
  await flushPromises()
  expect(text()).toContain('nobody')
  expect(text()).toContain(password)
})
