import type { Role } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { type OpenConsole, openConsole } from '../test.console.ts'
import { answerWith } from '../test.network.ts'
import SettingsIndex from './SettingsIndex.vue'

let shown: OpenConsole | undefined
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test.each<[Role, string, string]>([
  ['administrator', '/start', '/settings/users'],
  ['manager', '/start', '/settings/users'],
  ['default', '/start', '/settings/personal'],
  ['manager', '/start#password', '/settings/personal#password'],
])('leads a user with the role %s from %s to %s', async (role, from, to) => {
  answerWith({})
  const users = { path: 'settings/users', name: 'users', component: { render: () => null } }
  shown = await openConsole(role, from, [{ path: 'start', component: SettingsIndex }, users])
  expect(shown.router.currentRoute.value.fullPath).toBe(to)
})
