import type { Role, WorkspaceDetail } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { candidate, MemberApi } from '../member/picker/test.memberApi.ts'
import { anId, type OpenConsole, ORGANIZATION, openConsole } from '../test.console.ts'
import { answerWith, pageOf } from '../test.network.ts'
import { workspaceRoutes } from './workspace.routes.ts'

const WORKSPACE: WorkspaceDetail = {
  id: anId(31),
  organizationId: ORGANIZATION,
  organizationName: 'Nordwind',
  name: 'Research',
  archivedAt: null,
  createdAt: '2026-11-01T09:00:00.000Z',
  memberCount: 2,
  assigned: true,
  expiresAt: null,
  timeZone: 'UTC',
}

let shown: OpenConsole | undefined
async function open(role: Role) {
  const api = new MemberApi([candidate(1, { member: true }), candidate(2)])
  answerWith({
    ...api.answers(),
    'workspace.get': () => WORKSPACE,
    'organization.list': () => pageOf(),
  })
  const home = { path: '', name: 'home', component: { render: () => null } }
  shown = await openConsole(role, `/workspaces/${WORKSPACE.id}/settings`, [home, ...workspaceRoutes])
  return shown
}
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

test('a manager sees the number of members and opens the member picker from the settings', async () => {
  const { sees, press, router, text } = await open('manager')
  await sees('2 members')
  expect(text()).not.toContain('Choose who has access')
  await press('Manage Users')
  await sees('Choose who has access to “Research”')
  await sees('user.00002')
  expect(router.currentRoute.value.fullPath).toBe(`/workspaces/${WORKSPACE.id}/settings?manage=1`)
})

test('a default user who opens the settings by address gets the reason instead of controls', async () => {
  const { sees, text } = await open('default')
  await sees('You don’t have access to this page')
  expect(text()).not.toContain('Delete workspace')
  expect(document.querySelector('input')).toBeNull()
})
