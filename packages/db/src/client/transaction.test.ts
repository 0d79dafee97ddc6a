import { randomUUID } from 'node:crypto'
import { Refused } from '@roster/domain'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/testing.ts'
import { connect } from './client.ts'
import { inTransaction, type Transaction } from './transaction.ts'

const { url } = await createTestDatabase()
const { pool, prisma, close } = connect({ url, max: 2, connectionTimeout: 20_000 })
afterAll(close)

const insert = (nameKey: string) => (tx: Transaction) =>
  tx.organization.create({ data: { id: randomUUID(), name: nameKey, nameKey, caselessName: nameKey } })
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof Refused ? error.refusal.code : error),
  )

test('reports an unknown outcome when the connection is lost during the commit', async () => {
  // A deferred trigger that ends its own connection during the commit.
  await pool.query(`
    CREATE FUNCTION "lose"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER "lose" AFTER INSERT ON "organization" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."nameKey" = 'lost') EXECUTE FUNCTION "lose"()`)
  expect(await refusalOf(inTransaction(prisma, insert('lost')))).toBe('OUTCOME_UNKNOWN')
  await expect.poll(() => refusalOf(inTransaction(prisma, insert('kept')))).toBeNull()
})

test('reports no unknown outcome when the connection is lost before the commit', async () => {
  const lost = inTransaction(prisma, async (tx) => {
    await insert('before')(tx)
    await tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
  })
  expect(await refusalOf(lost)).not.toBe('OUTCOME_UNKNOWN')
  await expect
    .poll(
      async () =>
        (await pool.query(`SELECT 1 FROM "organization" WHERE "nameKey" = 'before'`).catch(() => ({ rowCount: -1 })))
          .rowCount,
    )
    .toBe(0)
})
