import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { createAuditPartitions } from './auditPartition.ts'

const { url } = await createTestDatabase()
const { pool, close } = connect({ url })
afterAll(() => close())

await createAuditPartitions(url)
await pool.query(`SELECT audit_partition((now() + interval '1 year')::date)`)
const { rows: partitions } = await pool.query<{ name: string }>(
  `SELECT quote_ident(c.relname) AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_event'::regclass ORDER BY 1`,
)

/** Inserts an event with its text. Each partition gets one. */
async function createEvent(at: string): Promise<string> {
  const id = randomUUID()
  await pool.query(
    `INSERT INTO "audit_event" ("id", "at", "through", "action", "outcome") VALUES ($1, ${at}, 'system', 'user.create', 'allowed')`,
    [id],
  )
  await pool.query(
    `INSERT INTO "audit_text" ("eventId", "at", "actorName", "before") VALUES ($1, ${at}, 'ada', '{"role": "manager"}')`,
    [id],
  )
  return id
}
const events = await Promise.all(
  ['-1 month', '0 months', '1 month', '2 months', '1 year'].map((later) =>
    createEvent(`date_trunc('month', now()) + interval '${later}'`),
  ),
)
const readAll = async () =>
  (await pool.query(`SELECT * FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" ORDER BY e."id"`)).rows
const before = await readAll()

test('creates a partition for last month, this month, the next two, and a given month', () => {
  expect(partitions).toHaveLength(5)
  expect(before).toHaveLength(5)
})

const refused = /audit rows are append-only/u
test.each([
  ...['audit_event', ...partitions.map(({ name }) => name)].flatMap((table) => [
    `UPDATE ${table} SET "outcome" = 'refused'`,
    `UPDATE ${table} SET "at" = "at" + interval '1 year' WHERE true`,
    `UPDATE ${table} SET "actorId" = NULL`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
    `TRUNCATE ${table} CASCADE`,
    `MERGE INTO ${table} e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE`,
    `MERGE INTO ${table} e USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET "code" = 'x'`,
    `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT ("id", "at") DO UPDATE SET "action" = 'nothing'`,
    `WITH deleted AS (DELETE FROM ${table} RETURNING 1) SELECT count(*) FROM deleted`,
  ]),
  `UPDATE "audit_text" SET "actorName" = 'eve'`,
  `UPDATE "audit_text" SET "before" = NULL`,
  `UPDATE "audit_text" SET "eventId" = gen_random_uuid(), "actorName" = NULL, "targetName" = NULL, "before" = NULL, "after" = NULL, "address" = NULL`,
  `UPDATE "audit_text" SET "at" = now(), "actorName" = NULL, "targetName" = NULL, "before" = NULL, "after" = NULL, "address" = NULL`,
  'DELETE FROM "audit_text"',
  'TRUNCATE "audit_text"',
  'TRUNCATE "audit_event", "audit_text", "user" CASCADE',
])('the database refuses %s', async (statement) => {
  const client = await pool.connect()
  await client.query('BEGIN')
  const answer = await client.query(statement).catch((error: Error) => error.message)
  await client.query('ROLLBACK')
  client.release()
  expect(answer).toMatch(refused)
  expect(await readAll()).toEqual(before)
})

test('erases the text of an event, and nothing else', async () => {
  await pool.query(
    `UPDATE "audit_text" SET "actorName" = NULL, "targetName" = NULL, "before" = NULL, "after" = NULL, "address" = NULL WHERE "eventId" = $1`,
    [events[0]],
  )
  const { rows } = await pool.query('SELECT "eventId", "actorName", "before" FROM "audit_text" ORDER BY "at"')
  expect(rows).toEqual(
    events.map((eventId, i) =>
      i === 0 ? { eventId, actorName: null, before: null } : { eventId, actorName: 'ada', before: { role: 'manager' } },
    ),
  )
  await expect(
    pool.query(`UPDATE "audit_text" SET "actorName" = 'ada' WHERE "eventId" = $1`, [events[0]]),
  ).rejects.toThrow(refused)
})
