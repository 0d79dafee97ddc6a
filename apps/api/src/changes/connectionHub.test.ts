import { randomUUID } from 'node:crypto'
import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import type { Actor, ChangeEvent, Topic } from '@roster/domain'
import { afterEach, expect, inject, onTestFinished, test, vi } from 'vitest'
import { type Fixtures, fixtures } from '../../test/support/fixtures.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { createLog } from '../server/log.ts'
import { ConnectionHub } from './connectionHub.ts'

const droppedDatabase = await createTestDatabase()
const { make, services, db, as, url } = await testInstance({ connections: 4 })
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

afterEach(() => {
  vi.useRealTimers()
})

/** A new user with an open connection, and the events it has received. */
async function newConnection(
  { role, organizationId = acme.id, managerScope = 'organization' }: Partial<Actor> & { role: Actor['role'] },
  { hub = services.hub, fixture = make }: { hub?: ConnectionHub; fixture?: Fixtures } = {},
) {
  const user = await fixture.user({ organizationId, role })
  const session = await fixture.session(user)
  const actor: Actor = { id: user.id, role, organizationId, managerScope }
  const connection = await hub.connect({ sessionId: session.id, actor, address: '127.0.0.1' })
  onTestFinished(() => hub.disconnect(connection))
  const events: ChangeEvent[] = []
  void (async () => {
    for await (const [, event] of connection.events()) events.push(event)
  })()
  return { user, session, actor, events, connection }
}

/** The targets of the changes of one capability. */
const targetsOf = (events: readonly ChangeEvent[], capability = 'workspace') =>
  events.flatMap((event) => (event.kind === 'changed' && event.capability === capability ? [event.targetId] : []))

test('closes connections, and keeps running, when the database is dropped while sessions are checked', async () => {
  const other = connect({ url: droppedDatabase.url })
  const admin = connect({ url: inject('testServer').adminUrl })
  onTestFinished(() => Promise.all([other.close(), admin.close()]).then(() => undefined))
  await ensureInstance(other.prisma)
  const fixture = fixtures({ ...services, db: other })
  const organizationId = (await fixture.organization()).id
  // Fake timers stop the reader's polling, so that the session check meets the dropped database first.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const log = createLog('silent')
  const failed = vi.spyOn(log, 'debug')
  const { hmacKey } = services
  const hub = new ConnectionHub({ db: other, directUrl: droppedDatabase.url, hmacKey, log })
  onTestFinished(() => hub.close())
  await hub.start()
  const { events } = await newConnection({ role: 'manager', organizationId }, { hub, fixture })
  await admin.pool.query(`DROP DATABASE "${droppedDatabase.name}" WITH (FORCE)`)
  // An unhandled rejection would end the process; here it fails the test.
  vi.advanceTimersByTime(31_000)
  await expect.poll(() => events.at(-1)).toEqual({ kind: 'closed', why: 'server' })
  await expect.poll(() => failed.mock.calls.flat()).toContain('could not check the sessions of open streams')
})

test('closes a suspended user’s connection within a second, and no other, while calls use every database connection', async () => {
  const active = await newConnection({ role: 'manager' })
  const suspended = await newConnection({ role: 'manager' })
  const other = connect({ url })
  onTestFinished(() => other.close())
  const busy = await Promise.all(Array.from({ length: 4 }, () => db.pool.connect()))
  const at = Date.now()
  await other.pool.query(
    `WITH s AS (UPDATE "session" SET "endedAt" = now(), "endReason" = 'suspended' WHERE "id" = $1) INSERT INTO "outbox_event" ("organizationId", "capability", "targetId") VALUES ($2, 'session', $3)`,
    [suspended.session.id, acme.id, suspended.user.id],
  )
  await expect.poll(() => suspended.events.at(-1), { interval: 10 }).toEqual({ kind: 'ended', reason: 'suspended' })
  expect(Date.now() - at).toBeLessThan(1_000)
  expect(active.events.every(({ kind }) => kind !== 'closed')).toBe(true)
  for (const client of busy) client.release()
})

test('sends each change once, in commit order, while another transaction stays open', async () => {
  const { events } = await newConnection({ role: 'manager' })
  const slow = await db.pool.connect()
  await slow.query('BEGIN')
  await slow.query(
    `INSERT INTO "outbox_event" ("organizationId", "capability", "targetId") VALUES ($1, 'workspace', $2)`,
    [acme.id, acme.id],
  )
  const created = await as(ada).workspace.create.mutate({ name: 'Committed first' })
  await expect.poll(() => targetsOf(events)).toEqual([created.id])
  await slow.query('COMMIT')
  slow.release()
  await expect.poll(() => targetsOf(events)).toEqual([created.id, acme.id])
})

test('sends a manager with the assigned scope their workspaces and the users, and closes when a workspace or the scope changes', async () => {
  const org = await make.organization()
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [org.id])
  const [one, two] = [
    await make.workspace({ organizationId: org.id }),
    await make.workspace({ organizationId: org.id }),
  ]
  const { user, events } = await newConnection({ role: 'manager', organizationId: org.id, managerScope: 'assigned' })
  await as(ada).member.update.mutate({ workspaceId: one.id, add: [user.id] })
  await as(ada).workspace.rename.mutate({ workspaceId: two.id, name: 'Out of scope' })
  const added = await as(ada).user.create.mutate({
    username: 'new.here',
    organizationId: org.id,
    credential: { kind: 'link' },
  })
  await expect.poll(() => targetsOf(events, 'user')).toContain(added.user.id)
  expect(targetsOf(events)).not.toContain(two.id)
  expect(targetsOf(events)).toContain(one.id)

  await as(ada).member.update.mutate({ workspaceId: one.id, remove: [user.id] })
  await expect.poll(() => events.at(-1)).toEqual({ kind: 'closed', why: 'access-changed' })

  const reconnected = await newConnection({ role: 'manager', organizationId: org.id, managerScope: 'assigned' })
  await db.pool.query(
    `WITH o AS (UPDATE "organization" SET "managerScope" = 'organization' WHERE "id" = $1) INSERT INTO "outbox_event" ("organizationId", "capability") VALUES ($1, 'session')`,
    [org.id],
  )
  await expect.poll(() => reconnected.events.at(-1)).toEqual({ kind: 'closed', why: 'access-changed' })
})

test('allows at most fifty connections of one session on a node', async () => {
  const { actor, session } = await newConnection({ role: 'default' })
  const calls = Array.from({ length: 60 }, async () => {
    const connection = await services.hub.connect({ sessionId: session.id, actor, address: '127.0.0.1' })
    onTestFinished(() => services.hub.disconnect(connection))
  })
  const settled = await Promise.allSettled(calls)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(49)
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { refusal: { code: 'BUSY' } } })
})

/** A hub of its own, for which the test says which topics an actor may receive. */
async function hubWithThreads() {
  const { hmacKey } = services
  const visible = new Set<string>()
  let asked: (() => void) | undefined
  const hub = new ConnectionHub({
    db,
    directUrl: url,
    hmacKey,
    log: createLog('silent'),
    findVisible: async (_pool, _actor, topics) => {
      const found = topics.filter(({ id }) => visible.has(id))
      asked?.()
      return found
    },
  })
  onTestFinished(() => hub.close())
  await hub.start()
  return {
    hub,
    visible,
    /** Runs with the next answer, before the hub receives it. */
    afterNextCheck: (run: () => void) => {
      asked = () => {
        asked = undefined
        run()
      }
    },
  }
}
const thread = (): Topic => ({ kind: 'thread', id: randomUUID() })
const missing = (what: string) => ({ code: 'NOT_FOUND', details: { what } })

test('carries topics that the actor may receive, on a connection of the same session only', async () => {
  const { hub, visible } = await hubWithThreads()
  const [mine, hidden] = [thread(), thread()]
  visible.add(mine.id)
  const ann = await newConnection({ role: 'default' }, { hub })
  const ben = await newConnection({ role: 'administrator' }, { hub })
  await hub.watch(ann.connection.id, ann.session.id, [mine])
  expect(ann.connection.topics).toEqual([mine])
  const refused = (connectionId: string, sessionId: string, topics: Topic[]) =>
    hub
      .watch(connectionId, sessionId, topics)
      .catch((error: unknown) => Reflect.get(Object(error), 'refusal') as unknown)
  expect(await refused(ann.connection.id, ben.session.id, [])).toEqual(missing('connection'))
  expect(await refused(randomUUID(), ann.session.id, [])).toEqual(missing('connection'))
  expect(await refused(ann.connection.id, ann.session.id, [mine, hidden])).toEqual(missing('thread'))
  expect([ann.connection.topics, ben.connection.topics]).toEqual([[mine], []])
  await hub.watch(ann.connection.id, ann.session.id, [])
  expect(ann.connection.topics).toEqual([])
  hub.disconnect(ann.connection)
  expect(await refused(ann.connection.id, ann.session.id, [])).toEqual(missing('connection'))
})

test('stops carrying a topic when a change of members hides it, also during the check', async () => {
  const { hub, visible, afterNextCheck } = await hubWithThreads()
  const [kept, lost] = [thread(), thread()]
  for (const { id } of [kept, lost]) visible.add(id)
  const { connection, session } = await newConnection({ role: 'manager' }, { hub })
  await hub.watch(connection.id, session.id, [kept, lost])
  visible.delete(lost.id)
  const workspace = await make.workspace({ organizationId: acme.id })
  const member = await make.user({ organizationId: acme.id })
  await as(ada).member.update.mutate({ workspaceId: workspace.id, add: [member.id] })
  await expect.poll(() => connection.topics).toEqual([kept])

  visible.add(lost.id)
  afterNextCheck(() => visible.delete(lost.id))
  const refused = hub.watch(connection.id, session.id, [kept, lost])
  await expect(refused).rejects.toMatchObject({ refusal: missing('thread') })
  expect(connection.topics).toEqual([kept])
})

test('connection.watch refuses the connection of another user, and every thread that it doesn’t find', async () => {
  const [ann, ben] = [await newConnection({ role: 'default' }), await newConnection({ role: 'administrator' })]
  // The hub knows the session of the typed client only by its own connections.
  const { sessionId } = await as(ann.user).session.me.query()
  const actor = ann.actor
  const own = await services.hub.connect({ sessionId, actor, address: '127.0.0.1' })
  onTestFinished(() => services.hub.disconnect(own))
  const watch = (connectionId: string, threadIds: string[]) =>
    as(ann.user).connection.watch.mutate({ connectionId, threadIds })
  await watch(own.id, [])
  expect(await refusalOf(watch(own.id, [randomUUID()]))).toEqual(missing('thread'))
  expect(await refusalOf(watch(ben.connection.id, []))).toEqual(missing('connection'))
  expect(
    await refusalOf(
      watch(
        own.id,
        Array.from({ length: 51 }, () => randomUUID()),
      ),
    ),
  ).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['threadIds'], code: 'TOO_MANY', params: { max: 50 } }] },
  })
})
