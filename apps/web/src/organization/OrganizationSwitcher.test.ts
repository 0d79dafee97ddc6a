import { refuse } from '@roster/domain'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { RouterView } from 'vue-router'
import { type OpenConsole, openConsole } from '../test.console.ts'
import { type Answers, answerWith, pageOf } from '../test.network.ts'
import { userRoutes } from '../user/user.routes.ts'
import { workspaceRoutes } from '../workspace/workspace.routes.ts'
import OrganizationSwitcher from './OrganizationSwitcher.vue'
import { organization } from './test.organizations.ts'

const OWN = '01a213a0-0000-7000-8000-000000000001'
const SOUTH = '01a213a0-0000-7000-8000-000000000002'
const nordwind = organization(OWN, 'Nordwind')
const suedwind = organization(SOUTH, 'Südwind')

let console: OpenConsole
beforeEach(() => localStorage.clear())
afterEach(() => {
  console.close()
  vi.unstubAllGlobals()
})

async function open(path: string, role: 'administrator' | 'manager' = 'administrator', more: Answers = {}) {
  const calls = answerWith({
    'organization.list': ({ search = '' }) =>
      pageOf(...[nordwind, suedwind].filter(({ name }) => name.includes(search))),
    'organization.get': ({ organizationId }) => (organizationId === OWN ? nordwind : suedwind),
    'workspace.list': () => pageOf(),
    'user.list': () => pageOf(),
    'user.count': () => pageOf().total,
    ...more,
  })
  const Frame = defineComponent({ setup: () => () => [h(OrganizationSwitcher), h(RouterView)] })
  console = await openConsole(role, path, [
    { path: '', component: Frame, children: [...workspaceRoutes, ...userRoutes] },
  ])
  const last = (procedure: string) => calls.filter((call) => call.path === procedure).at(-1)?.input
  return { address: () => console.router.currentRoute.value.fullPath, last }
}
async function choose(name: string): Promise<void> {
  const option = [...document.querySelectorAll<HTMLElement>('[role="option"]')].find(
    (each) => each.textContent?.trim() === name,
  )
  if (!option) throw new Error(`There is no option “${name}”.`)
  option.click()
  await vi.waitFor(() => expect(document.querySelector('[role="option"]')).toBeNull())
}

test('a chosen organization filters the list, appears in its address, and carries over to the next page', async () => {
  const { address, last } = await open('/workspaces?q=plan')
  await console.press('Organization: All organizations')
  await console.sees('Südwind')
  await choose('Südwind')
  await vi.waitFor(() => expect(last('workspace.list')).toMatchObject({ search: 'plan', organizationId: SOUTH }))
  expect(address()).toBe(`/workspaces?q=plan&organization=${SOUTH}`)
  await console.router.push('/settings/users')
  await vi.waitFor(() => expect(address()).toBe(`/settings/users?organization=${SOUTH}`))
  await vi.waitFor(() => expect(last('user.list')).toMatchObject({ filter: { organizationId: SOUTH } }))
})

test('a link to an organization’s list chooses it, and the choice can be cleared', async () => {
  const { address, last } = await open(`/settings/users?organization=${SOUTH}`)
  await console.sees('Südwind')
  await console.press('Organization: Südwind')
  await console.sees('All organizations')
  await choose('All organizations')
  await vi.waitFor(() => expect(address()).toBe('/settings/users'))
  await vi.waitFor(() => expect(last('user.list')).toMatchObject({ filter: {} }))
  await console.router.push('/workspaces')
  await console.sees('Workspaces')
  expect(address()).toBe('/workspaces')
})

test('ignores the stored organization for a user who sees only one', async () => {
  localStorage.setItem('roster-organization', SOUTH)
  const { address, last } = await open('/settings/users', 'manager')
  await console.sees('Users')
  expect(address()).toBe('/settings/users')
  expect(last('user.list')).toMatchObject({ filter: {} })
})

test('forgets a stored organization that was deleted', async () => {
  localStorage.setItem('roster-organization', SOUTH)
  const notFound = () => {
    throw refuse('NOT_FOUND', { what: 'organization' })
  }
  const { address } = await open('/workspaces', 'administrator', { 'organization.get': notFound })
  await console.sees('All organizations')
  await vi.waitFor(() => expect(address()).toBe('/workspaces'))
  expect(localStorage.getItem('roster-organization')).toBeNull()
})

test('a list names organizations beyond the first page', async () => {
  const row = {
    id: OWN,
    organizationId: SOUTH,
    name: 'Plans',
    archivedAt: null,
    createdAt: '2026-11-25T10:00:00.000Z',
    memberCount: 0,
    assigned: false,
    expiresAt: null,
  }
  await open('/workspaces', 'administrator', {
    'organization.list': () => ({
      ...pageOf(nordwind, organization(row.id.replace(/1$/u, '9'), 'Contoso')),
      after: 'more',
    }),
    'workspace.list': () => pageOf(row),
  })
  await console.sees('Plans')
  await vi.waitFor(() => expect(document.querySelector('tbody')?.textContent).toContain('Südwind'))
})
