import { randomUUID } from 'node:crypto'
import type { OutboxEvent } from '@roster/db'
import type { ChangeEvent, ManagerScope, Role } from '@roster/domain'
import { expect, test } from 'vitest'
import { Connection } from './connection.ts'

const [home, away, asker, workspaceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]

/** A reader who is in the workspace, or in none. */
function reader(role: Role, of: { id?: string; organizationId?: string; managerScope?: ManagerScope; isMember?: boolean } = {}): Connection {
  const { id = randomUUID(), organizationId = home, managerScope = 'organization', isMember = false } = of
  const connection = new Connection(randomUUID(), { id, role, organizationId, managerScope }, '127.0.0.1')
  if (isMember) connection.assign(workspaceId, 60_000)
  return connection
}

test('of a request hear whoever asked and whoever decides it, and no colleague', () => {
  const event: OutboxEvent = { id: '1', organizationId: home, capability: 'request', targetId: asker, workspaceId, workspaceIds: [] }
  const hears = (connection: Connection) => connection.mayReceive(event)
  expect(hears(reader('default', { id: asker, isMember: true }))).toBe(true)
  expect(hears(reader('default', { isMember: true }))).toBe(false)
  expect(hears(reader('manager'))).toBe(true)
  expect(hears(reader('manager', { managerScope: 'assigned', isMember: true }))).toBe(true)
  expect(hears(reader('manager', { managerScope: 'assigned' }))).toBe(false)
  expect(hears(reader('manager', { organizationId: away }))).toBe(false)
  expect(hears(reader('administrator', { organizationId: away }))).toBe(true)
})

test('of an invitation hears whoever sees the people of its organization', () => {
  const event: OutboxEvent = { id: '1', organizationId: home, capability: 'invitation', targetId: randomUUID(), workspaceId: null, workspaceIds: [] }
  const hears = (connection: Connection) => connection.mayReceive(event)
  expect(hears(reader('default', { isMember: true }))).toBe(false)
  for (const managerScope of ['organization', 'assigned'] as const) expect(hears(reader('manager', { managerScope }))).toBe(true)
  expect(hears(reader('manager', { organizationId: away }))).toBe(false)
  expect(hears(reader('administrator', { organizationId: away }))).toBe(true)
})

test('of somebody who stands in the lists of workspaces hear their members and whoever sees people, and nobody else', () => {
  const event: OutboxEvent = {
    id: '1',
    organizationId: home,
    capability: 'member',
    targetId: asker,
    workspaceId: null,
    workspaceIds: [randomUUID(), workspaceId],
  }
  const hears = (connection: Connection) => connection.mayReceive(event)
  expect(hears(reader('default', { isMember: true }))).toBe(true)
  expect(hears(reader('default'))).toBe(false)
  for (const managerScope of ['organization', 'assigned'] as const) expect(hears(reader('manager', { managerScope }))).toBe(true)
  expect(hears(reader('manager', { organizationId: away, isMember: true }))).toBe(false)
  expect(hears(reader('administrator', { organizationId: away }))).toBe(true)
  // Of themselves they hear by other notices.
  const session: OutboxEvent = { ...event, capability: 'session' }
  expect(reader('default', { isMember: true }).mayReceive(session)).toBe(false)
})

test('the last event is told at once, whatever is held, and what was held no more', async () => {
  const connection = reader('default', { isMember: true })
  for (const targetId of [asker, randomUUID()]) connection.send({ kind: 'changed', capability: 'member', targetId, workspaceId: null })
  connection.end({ kind: 'ended', reason: 'suspended' })
  const events: ChangeEvent[] = []
  for await (const event of connection.events()) events.push(event)
  expect(events).toEqual([
    { kind: 'changed', capability: 'member', targetId: asker, workspaceId: null },
    { kind: 'ended', reason: 'suspended' },
  ])
})
