import { randomUUID } from 'node:crypto'
import type { OutboxEvent } from '@roster/db'
import type { ChangeEvent, ManagerScope, Role } from '@roster/domain'
import { expect, test } from 'vitest'
import { Connection } from './connection.ts'

const [organization, otherOrganization, userId, workspaceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]

/** A connection of a user who is a member of the workspace, or of none. */
function connectionOf(
  role: Role,
  user: { id?: string; organizationId?: string; managerScope?: ManagerScope; isMember?: boolean } = {},
): Connection {
  const { id = randomUUID(), organizationId = organization, managerScope = 'organization', isMember = false } = user
  const connection = new Connection(randomUUID(), { id, role, organizationId, managerScope }, '127.0.0.1')
  if (isMember) connection.assign(workspaceId, 60_000)
  return connection
}

test('sends a request’s event to the user who made it and to those who can decide it, not to other members', () => {
  const event: OutboxEvent = {
    id: '1',
    organizationId: organization,
    capability: 'request',
    targetId: userId,
    workspaceId,
    workspaceIds: [],
  }
  const receives = (connection: Connection) => connection.mayReceive(event)
  expect(receives(connectionOf('default', { id: userId, isMember: true }))).toBe(true)
  expect(receives(connectionOf('default', { isMember: true }))).toBe(false)
  expect(receives(connectionOf('manager'))).toBe(true)
  expect(receives(connectionOf('manager', { managerScope: 'assigned', isMember: true }))).toBe(true)
  expect(receives(connectionOf('manager', { managerScope: 'assigned' }))).toBe(false)
  expect(receives(connectionOf('manager', { organizationId: otherOrganization }))).toBe(false)
  expect(receives(connectionOf('administrator', { organizationId: otherOrganization }))).toBe(true)
})

test('sends an invitation’s event to those who can see the users of its organization', () => {
  const event: OutboxEvent = {
    id: '1',
    organizationId: organization,
    capability: 'invitation',
    targetId: randomUUID(),
    workspaceId: null,
    workspaceIds: [],
  }
  const receives = (connection: Connection) => connection.mayReceive(event)
  expect(receives(connectionOf('default', { isMember: true }))).toBe(false)
  for (const managerScope of ['organization', 'assigned'] as const)
    expect(receives(connectionOf('manager', { managerScope }))).toBe(true)
  expect(receives(connectionOf('manager', { organizationId: otherOrganization }))).toBe(false)
  expect(receives(connectionOf('administrator', { organizationId: otherOrganization }))).toBe(true)
})

test('sends a member’s event to the members of their workspaces and to those who can see users, and to no one else', () => {
  const event: OutboxEvent = {
    id: '1',
    organizationId: organization,
    capability: 'member',
    targetId: userId,
    workspaceId: null,
    workspaceIds: [randomUUID(), workspaceId],
  }
  const receives = (connection: Connection) => connection.mayReceive(event)
  expect(receives(connectionOf('default', { isMember: true }))).toBe(true)
  expect(receives(connectionOf('default'))).toBe(false)
  for (const managerScope of ['organization', 'assigned'] as const)
    expect(receives(connectionOf('manager', { managerScope }))).toBe(true)
  expect(receives(connectionOf('manager', { organizationId: otherOrganization, isMember: true }))).toBe(false)
  expect(receives(connectionOf('administrator', { organizationId: otherOrganization }))).toBe(true)
  // Session events are for the user alone.
  const session: OutboxEvent = { ...event, capability: 'session' }
  expect(connectionOf('default', { isMember: true }).mayReceive(session)).toBe(false)
})

test('sends the last event at once and discards pending changes', async () => {
  const connection = connectionOf('default', { isMember: true })
  for (const targetId of [userId, randomUUID()])
    connection.send({ kind: 'changed', capability: 'member', targetId, workspaceId: null })
  connection.end({ kind: 'ended', reason: 'suspended' })
  const events: ChangeEvent[] = []
  for await (const event of connection.events()) events.push(event)
  expect(events).toEqual([
    { kind: 'changed', capability: 'member', targetId: userId, workspaceId: null },
    { kind: 'ended', reason: 'suspended' },
  ])
})
