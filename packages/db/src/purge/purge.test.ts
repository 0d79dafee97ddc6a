import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { purgeExpiredCredentials } from './purge.ts'

const { url } = await createTestDatabase()
const { pool, close } = connect({ url })
afterAll(close)

const [organizationId, userId] = [randomUUID(), randomUUID()]
await pool.query(
  `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
  [organizationId],
)
await pool.query(`INSERT INTO "user" ("id", "organizationId", "username", "role") VALUES ($1, $2, 'joe', 'default')`, [
  userId,
  organizationId,
])

const ids = async (table: string, column: string) =>
  (await pool.query<{ value: string }>(`SELECT "${column}" AS "value" FROM "${table}" ORDER BY 1`)).rows
    .map(({ value }) => value)
    .sort()

test('keeps open sessions, and ended ones for 30 days', async () => {
  const session = async (endedAgo: string | null, expiresIn: string) => {
    const id = randomUUID()
    await pool.query(
      `INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "expiresAt", "absoluteEndAt", "endedAt", "endReason")
       VALUES ($1, $2, $3, $4, now() + $5::interval, now() + $5::interval, now() - $6::interval, 'signed-out')`,
      [id, randomBytes(32), organizationId, userId, expiresIn, endedAgo],
    )
    return id
  }
  const kept = [await session(null, '1 day'), await session('29 days', '-20 days'), await session(null, '-29 days')]
  await session('31 days', '1 day')
  await session(null, '-31 days')
  await purgeExpiredCredentials(pool)
  expect(await ids('session', 'id')).toEqual(kept.sort())
})

test('keeps links for 30 days after use or expiry', async () => {
  const link = async (used: string | null, expires: string) => {
    const id = randomUUID()
    await pool.query(
      `INSERT INTO "link" ("id", "organizationId", "userId", "tokenHash", "usedAt", "expiresAt") VALUES ($1, $2, $3, $4, now() - $5::interval, now() - $6::interval)`,
      [id, organizationId, userId, randomBytes(32), used, expires],
    )
    return id
  }
  const kept = [await link(null, '-1 day'), await link('29 days', '40 days')]
  await link('31 days', '31 days')
  await link(null, '31 days')
  await purgeExpiredCredentials(pool)
  expect(await ids('link', 'id')).toEqual(kept.sort())
})

test('keeps the 50 latest device cookies of a user, and none unused for a year', async () => {
  await pool.query(
    `INSERT INTO "device_cookie" ("tokenHash", "userId", "lastUsedAt") SELECT decode(lpad(n::text, 4, '0'), 'hex'), $1, now() - make_interval(days => n) FROM generate_series(1, 60) n`,
    [userId],
  )
  await purgeExpiredCredentials(pool)
  const { rows } = await pool.query(
    `SELECT count(*)::int AS "count", min("lastUsedAt") > now() - interval '51 days' AS "last" FROM "device_cookie"`,
  )
  expect(rows).toEqual([{ count: 50, last: true }])
  await pool.query(`UPDATE "device_cookie" SET "lastUsedAt" = now() - interval '13 months'`)
  await purgeExpiredCredentials(pool)
  expect(await ids('device_cookie', 'userId')).toEqual([])
})
