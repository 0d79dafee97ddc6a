import { randomUUID } from 'node:crypto'
import type { OutboxEvent } from '@roster/db'
import type { ChangeEvent, ManagerScope, Role } from '@roster/domain'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ChangedEvent } from './coalescer.ts'
import { Connection } from './connection.ts'
import { formatEventId, type Position, readEventId } from './eventId.ts'

const [organization, otherOrganization, userId, workspaceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
const KEY = Buffer.alloc(32, 1)
/** A position by its transaction. */
const at = (transaction: number): Position => ({ transaction: String(transaction), source: 'x', at: Date.now() })

/** A connection of a user who is a member of the workspace, or of none. */
function connectionOf(
  role: Role,
  user: {
    id?: string
    organizationId?: string
    managerScope?: ManagerScope
    isMember?: boolean
    lastEventId?: string
  } = {},
): Connection {
  const { id = randomUUID(), organizationId = organization, managerScope = 'organization' } = user
  const { isMember = false, lastEventId } = user
  const connection = new Connection({
    sessionId: randomUUID(),
    actor: { id, role, organizationId, managerScope },
    address: '127.0.0.1',
    lastEventId,
    position: at(100),
    key: KEY,
  })
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

const changed = (targetId: string): ChangedEvent => ({
  kind: 'changed',
  capability: 'member',
  targetId,
  workspaceId: null,
})

/** What the connection sent until it closed, with the transaction from which a client continues after each event. */
async function sentBy(connection: Connection): Promise<{ event: ChangeEvent; from: number | null }[]> {
  const sent: { event: ChangeEvent; from: number | null }[] = []
  for await (const [id, event] of connection.events()) {
    const from = readEventId(id, 'x', connection.access, KEY)
    sent.push({ event, from: from && Number(from.transaction) })
  }
  return sent
}
const ended = { kind: 'ended', reason: 'suspended' } as const
const hello = (connection: Connection, resumed: boolean) => ({
  kind: 'hello',
  connectionId: connection.id,
  sessionId: connection.sessionId,
  resumed,
})

test('sends the last event at once, and a client continues before the pending changes that it discards', async () => {
  const connection = connectionOf('default', { isMember: true })
  connection.hello(null)
  connection.send(changed(userId))
  connection.advance(at(200))
  connection.send(changed(randomUUID()))
  connection.advance(at(300))
  connection.end(ended)
  expect(await sentBy(connection)).toEqual([
    { event: hello(connection, false), from: 100 },
    { event: changed(userId), from: 100 },
    { event: ended, from: 200 },
  ])
})

test('greets first, then sends what the client missed and what arrived in between', async () => {
  const connection = connectionOf('manager')
  connection.send({ ...changed('early'), capability: 'user' })
  connection.advance(at(200))
  connection.hello(at(50), [changed('missed')])
  connection.end(ended)
  expect(await sentBy(connection)).toEqual([
    { event: hello(connection, true), from: 50 },
    { event: changed('missed'), from: 50 },
    { event: { ...changed('early'), capability: 'user' }, from: 50 },
    { event: ended, from: 200 },
  ])
})

test('a stream that closes before the greeting keeps the client’s last event, or has none to continue from', async () => {
  const { access } = connectionOf('manager', { id: userId })
  const lastEventId = formatEventId(at(50), access, KEY)
  const returning = connectionOf('manager', { id: userId, lastEventId })
  const first = connectionOf('manager', { id: userId })
  const forged = connectionOf('manager', { id: userId, lastEventId: 'forged\nid: 1' })
  for (const connection of [returning, first, forged]) connection.end({ kind: 'closed', why: 'server' })
  expect((await sentBy(returning)).map(({ from }) => from)).toEqual([50])
  expect((await sentBy(first)).map(({ from }) => from)).toEqual([null])
  expect((await sentBy(forged)).map(({ from }) => from)).toEqual([null])
})

test('a client that is too slow continues before the event that no longer fitted', async () => {
  const connection = connectionOf('manager')
  connection.hello(null)
  for (let n = 0; n < 600; n++) {
    connection.advance(at(200 + n))
    connection.send({ ...changed(userId), workspaceId: randomUUID() })
  }
  const sent = await sentBy(connection)
  // The greeting and 499 changes fit.
  expect(sent.at(-1)).toEqual({ event: { kind: 'closed', why: 'server' }, from: 699 })
})

test('a silent stream sends a heartbeat with a newer id each minute', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const connection = connectionOf('manager')
  connection.hello(null)
  connection.advance(at(200))
  connection.heartbeat()
  vi.advanceTimersByTime(60_000)
  connection.heartbeat()
  connection.heartbeat()
  connection.end(ended)
  expect(await sentBy(connection)).toEqual([
    { event: hello(connection, false), from: 100 },
    { event: { kind: 'heartbeat' }, from: 200 },
    { event: ended, from: 200 },
  ])
})
