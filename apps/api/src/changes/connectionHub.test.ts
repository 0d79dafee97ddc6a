import { setTimeout as sleep } from 'node:timers/promises'
import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import type { Actor, ChangeEvent } from '@roster/domain'
import { afterEach, expect, inject, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../log.ts'
import { type Fixtures, fixtures } from '../testing/fixtures.ts'
import { testInstance } from '../testing/instance.ts'
import { ConnectionHub } from './connectionHub.ts'

const doomed = await createTestDatabase()
const { make, services, db, as, url } = await testInstance({ connections: 4 })
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

afterEach(() => {
  vi.useRealTimers()
})

/** Somebody with an open stream, and what they heard so far. */
async function reader(given: Partial<Actor> & { role: Actor['role'] }, { hub = services.hub, from = make }: { hub?: ConnectionHub; from?: Fixtures } = {}) {
  const { role, organizationId = acme.id, managerScope = 'organization' } = given
  const user = await from.user({ organizationId, role })
  const session = await from.session(user)
  const actor: Actor = { id: user.id, role, organizationId, managerScope }
  const connection = await hub.connect(session.id, actor, '127.0.0.1')
  onTestFinished(() => hub.disconnect(connection))
  const heard: ChangeEvent[] = []
  void (async () => {
    for await (const event of connection.events()) heard.push(event)
  })()
  return { user, session, actor, heard }
}

/** The targets of what was heard to change, of one kind. */
const changed = (heard: readonly ChangeEvent[], capability = 'workspace') =>
  heard.flatMap((event) => (event.kind === 'changed' && event.capability === capability ? [event.targetId] : []))

test('a database that goes away while sessions are asked again closes the streams, and the node lives on', async () => {
  const far = connect({ url: doomed.url })
  const admin = connect({ url: inject('testServer').adminUrl })
  onTestFinished(() => Promise.all([far.close(), admin.close()]).then(() => undefined))
  await ensureInstance(far.prisma)
  const from = fixtures({ ...services, db: far })
  const organizationId = (await from.organization()).id
  // The reading of notices stands still, so that it is the asking again that meets the dead database.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const hub = new ConnectionHub({ db: far, directUrl: doomed.url, log: createLog('silent') })
  onTestFinished(() => hub.close())
  await hub.start()
  const { heard } = await reader({ role: 'manager', organizationId }, { hub, from })
  await admin.pool.query(`DROP DATABASE "${doomed.name}" WITH (FORCE)`)
  // What nobody catches would end the process; here it fails the test.
  vi.advanceTimersByTime(31_000)
  await expect.poll(() => heard.at(-1)).toEqual({ kind: 'closed', why: 'server' })
  await sleep(100)
})

test('while calls keep every connection busy, streams stay open, and that of whoever is suspended closes within a second', async () => {
  const stays = await reader({ role: 'manager' })
  const goes = await reader({ role: 'manager' })
  const other = connect({ url })
  onTestFinished(() => other.close())
  const busy = Promise.all(Array.from({ length: 4 }, () => db.pool.query('SELECT pg_sleep(2.5)')))
  await sleep(1_000)
  const at = Date.now()
  await other.pool.query(
    `WITH s AS (UPDATE "session" SET "endedAt" = now(), "endReason" = 'suspended' WHERE "id" = $1) INSERT INTO "outbox_event" ("organizationId", "capability", "targetId") VALUES ($2, 'session', $3)`,
    [goes.session.id, acme.id, goes.user.id],
  )
  await expect.poll(() => goes.heard.at(-1), { interval: 10 }).toEqual({ kind: 'ended', reason: 'suspended' })
  expect(Date.now() - at).toBeLessThan(1_000)
  expect(stays.heard.every(({ kind }) => kind !== 'closed')).toBe(true)
  await busy
})

test('each change is told once, also while somebody’s transaction stays open, and one that was open before is told when it is done', async () => {
  const { heard } = await reader({ role: 'manager' })
  const slow = await db.pool.connect()
  await slow.query('BEGIN')
  await slow.query(`INSERT INTO "outbox_event" ("organizationId", "capability", "targetId") VALUES ($1, 'workspace', $2)`, [acme.id, acme.id])
  const made = await as(ada).workspace.create.mutate({ name: 'Told once' })
  await sleep(700)
  expect(changed(heard)).toEqual([made.id])
  await slow.query('COMMIT')
  slow.release()
  await expect.poll(() => changed(heard)).toEqual([made.id, acme.id])
})

test('a manager who reaches assigned workspaces alone hears of those and of people, and is sent away when one is taken or the reach changes', async () => {
  const org = await make.organization()
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [org.id])
  const [one, two] = [await make.workspace({ organizationId: org.id }), await make.workspace({ organizationId: org.id })]
  const { user, heard } = await reader({ role: 'manager', organizationId: org.id, managerScope: 'assigned' })
  await as(ada).member.update.mutate({ workspaceId: one.id, add: [user.id] })
  await as(ada).workspace.rename.mutate({ workspaceId: two.id, name: 'Out of reach' })
  const added = await as(ada).user.create.mutate({ username: 'new.here', organizationId: org.id, credential: { kind: 'link' } })
  await expect.poll(() => changed(heard, 'user')).toContain(added.user.id)
  expect(changed(heard)).not.toContain(two.id)
  expect(changed(heard)).toContain(one.id)

  await as(ada).member.update.mutate({ workspaceId: one.id, remove: [user.id] })
  await expect.poll(() => heard.at(-1)).toEqual({ kind: 'closed', why: 'access-changed' })

  const again = await reader({ role: 'manager', organizationId: org.id, managerScope: 'assigned' })
  await db.pool.query(
    `WITH o AS (UPDATE "organization" SET "managerScope" = 'organization' WHERE "id" = $1) INSERT INTO "outbox_event" ("organizationId", "capability") VALUES ($1, 'session')`,
    [org.id],
  )
  await expect.poll(() => again.heard.at(-1)).toEqual({ kind: 'closed', why: 'access-changed' })
})

test('one session holds fifty streams of a node, and no more', async () => {
  const { actor, session } = await reader({ role: 'default' })
  const calls = Array.from({ length: 60 }, async () => {
    const connection = await services.hub.connect(session.id, actor, '127.0.0.1')
    onTestFinished(() => services.hub.disconnect(connection))
  })
  const settled = await Promise.allSettled(calls)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(49)
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { refusal: { code: 'BUSY' } } })
})
