import { randomUUID } from 'node:crypto'
import type { NoticeRow } from '@roster/db'
import type { ManagerScope, Role } from '@roster/domain'
import { expect, test } from 'vitest'
import { Subscriber } from './subscriber.ts'

const [home, away, asker, workspaceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]

/** A reader who is in the workspace, or in none. */
function reader(role: Role, of: { id?: string; organizationId?: string; managerScope?: ManagerScope; isMember?: boolean } = {}): Subscriber {
  const { id = randomUUID(), organizationId = home, managerScope = 'organization', isMember = false } = of
  const subscriber = new Subscriber(randomUUID(), { id, role, organizationId, managerScope }, '127.0.0.1')
  if (isMember) subscriber.enter(workspaceId, 60_000)
  return subscriber
}

test('of a request hear whoever asked and whoever decides it, and no colleague', () => {
  const notice: NoticeRow = { id: '1', organizationId: home, capability: 'request', targetId: asker, workspaceId }
  const hears = (subscriber: Subscriber) => subscriber.mayHear(notice)
  expect(hears(reader('default', { id: asker, isMember: true }))).toBe(true)
  expect(hears(reader('default', { isMember: true }))).toBe(false)
  expect(hears(reader('manager'))).toBe(true)
  expect(hears(reader('manager', { managerScope: 'assigned', isMember: true }))).toBe(true)
  expect(hears(reader('manager', { managerScope: 'assigned' }))).toBe(false)
  expect(hears(reader('manager', { organizationId: away }))).toBe(false)
  expect(hears(reader('administrator', { organizationId: away }))).toBe(true)
})

test('of an invitation hears whoever sees the people of its organization', () => {
  const notice: NoticeRow = { id: '1', organizationId: home, capability: 'invitation', targetId: randomUUID(), workspaceId: null }
  const hears = (subscriber: Subscriber) => subscriber.mayHear(notice)
  expect(hears(reader('default', { isMember: true }))).toBe(false)
  for (const managerScope of ['organization', 'assigned'] as const) expect(hears(reader('manager', { managerScope }))).toBe(true)
  expect(hears(reader('manager', { organizationId: away }))).toBe(false)
  expect(hears(reader('administrator', { organizationId: away }))).toBe(true)
})
