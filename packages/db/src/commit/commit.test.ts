import { randomUUIDv7 } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { openQueues } from '../jobs/drainJobs.ts'
import { countJobs } from '../jobs/jobCounts.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { commit } from './commit.ts'
import { system, verifySystemWrites } from './system.ts'

const { url } = await createTestDatabase()
const db = connect({ url })
afterAll(() => db.close())
verifySystemWrites(db.prisma)

const SYSTEM = { actorId: null, actorName: null, through: 'system', throughId: null, address: null } as const
const id = randomUUIDv7()
const renamed = { organizationId: id, targetKind: 'organization', targetId: id, after: { name: 'Acme' } } as const
const insert = `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName", "timeZone") VALUES ($1, $2, $2, $2, 'UTC')`

async function written(): Promise<{ audit: number; outbox: number }> {
  const { rows } = await db.pool.query<{ audit: number; outbox: number }>(
    `SELECT (SELECT count(*)::int FROM "audit_event") AS "audit", (SELECT count(*)::int FROM "outbox_event") AS "outbox"`,
  )
  return rows[0] ?? { audit: -1, outbox: -1 }
}

test('writes the change, its audit event and its outbox events, and then wakes the connections once', async () => {
  const woken: unknown[] = []
  const hub = { wake: () => woken.push(true) }
  const result = await commit({ db, hub }, {}, async ({ tx, record }) => {
    await tx.$executeRawUnsafe(insert.replaceAll('$2', `'a'`).replace('$1', `'${id}'`))
    record(SYSTEM, 'organization.rename', renamed)
    expect(woken).toEqual([])
    return 'result'
  })
  expect(result).toBe('result')
  expect(woken).toHaveLength(1)
  expect(await written()).toEqual({ audit: 1, outbox: 4 })
})

test('writes nothing, and wakes nothing, when the body throws', async () => {
  const before = await written()
  const hub = { wake: () => expect.unreachable() }
  const failed = commit({ db, hub }, {}, async ({ tx, record }) => {
    await tx.$executeRaw`UPDATE "organization" SET "name" = 'lost' WHERE "id" = ${id}::uuid`
    record(SYSTEM, 'organization.rename', renamed)
    throw new Error('the body failed')
  })
  await expect(failed).rejects.toThrow('the body failed')
  expect(await written()).toEqual(before)
  expect((await db.pool.query(`SELECT "name" FROM "organization"`)).rows).toEqual([{ name: 'a' }])
})

test('a unit that records nothing wakes nothing', async () => {
  const hub = { wake: () => expect.unreachable() }
  expect(await commit({ db, hub }, {}, async ({ changed }) => changed)).toBe(false)
})

test('a job is enqueued in the same transaction, and wakes the connections once', async () => {
  await openQueues(db.pool)
  const woken: unknown[] = []
  const hub = { wake: () => woken.push(true) }
  const counted = async () => (await countJobs(db.pool)).find(({ name }) => name === 'import.purge')?.queued
  const failed = commit({ db, hub }, {}, async ({ enqueue }) => {
    await enqueue('import.purge', {})
    throw new Error('the body failed')
  })
  await expect(failed).rejects.toThrow('the body failed')
  expect([woken.length, await counted()]).toEqual([0, 0])
  await commit({ db, hub }, {}, ({ enqueue }) => enqueue('import.purge', {}))
  expect([woken.length, await counted()]).toEqual([1, 1])
})

test('a silent entry is audited and publishes nothing', async () => {
  const before = await written()
  await commit({ db }, {}, async ({ record }) => record(SYSTEM, 'organization.rename', { ...renamed, silent: true }))
  expect(await written()).toEqual({ audit: before.audit + 1, outbox: before.outbox })
})

test('system() refuses to write a table that is not listed, and writes those that are', async () => {
  const rename = system(db, (tx) => tx.$executeRaw`UPDATE "organization" SET "name" = 'b' WHERE "id" = ${id}::uuid`)
  await expect(rename).rejects.toThrow('system() wrote organization')
  expect((await db.pool.query(`SELECT "name" FROM "organization"`)).rows).toEqual([{ name: 'a' }])
  await system(db, (tx) => tx.$executeRaw`INSERT INTO "rate_limit" VALUES ('\\x00', 1, now(), now(), now())`)
  expect((await db.pool.query(`SELECT count(*)::int AS "n" FROM "rate_limit"`)).rows).toEqual([{ n: 1 }])
})
