import type { OrganizationDetail } from '@roster/domain'
import { afterEach, test } from 'vitest'
import { h } from 'vue'
import { anId, type OpenConsole, openConsole } from '../test.console.ts'
import OrganizationActions from './OrganizationActions.vue'

const SOUTH: OrganizationDetail = {
  id: anId(50),
  name: 'Südwind',
  status: 'active',
  createdAt: '2026-11-25T10:00:00.000Z',
  users: 0,
  workspaces: 0,
  timeZone: 'UTC',
  managerScope: 'organization',
  oversight: false,
  oversightSince: null,
}

let shown: OpenConsole | undefined
afterEach(() => shown?.close())

test.each([
  [{ users: 0, workspaces: 0 }, 'This organization is empty.'],
  [{ users: 1, workspaces: 0 }, 'This deletes 1 user.'],
  [{ users: 3, workspaces: 2 }, 'This deletes 3 users and 2 workspaces.'],
])('the confirmation for deleting an organization with %o says “%s”', async (contents, sentence) => {
  const component = { render: () => h(OrganizationActions, { organization: { ...SOUTH, ...contents } }) }
  shown = await openConsole('administrator', '/organization', [{ path: 'organization', component }])
  await shown.press('Delete organization')
  await shown.sees(sentence)
})
