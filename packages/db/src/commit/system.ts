import type { Database } from '../client/client.ts'
import { inTransaction, type Transaction } from '../client/transaction.ts'

/** The tables that `system` may write: counters, the state of jobs, and what a sign-in has begun. */
export const SYSTEM_TABLES = ['rate_limit', 'refusal_count', 'import', 'import_row', 'challenge'] as const

const verified = new WeakSet<Database['prisma']>()

/** Makes every `system` call of this client check its tables before it commits. Tests use it; it costs two queries. */
export function verifySystemWrites(prisma: Database['prisma']): void {
  verified.add(prisma)
}

/**
 * Writes what is no change: counters and the state of jobs, in one transaction with retries. It records nothing and
 * delivers nothing, so it may touch only `SYSTEM_TABLES`. It may also only lock rows. `key`: see `UnitOptions`.
 * @throws BUSY, OUTCOME_UNKNOWN as `commit`
 */
export function system<T>(
  { prisma }: Pick<Database, 'prisma'>,
  body: (tx: Transaction) => Promise<T>,
  key = '',
): Promise<T> {
  const verify = verified.has(prisma)
  return inTransaction(prisma, (tx) => (verify ? bodyVerified(tx, body) : body(tx)), key)
}

async function bodyVerified<T>(tx: Transaction, body: (tx: Transaction) => Promise<T>): Promise<T> {
  const before = await countWrites(tx)
  const result = await body(tx)
  const after = await countWrites(tx)
  const written = [...after].filter(([table, writes]) => writes !== before.get(table)).map(([table]) => table)
  if (written.length > 0) throw new Error(`system() wrote ${written.join(', ')}`)
  return result
}

/**
 * The rows written so far, by unlisted table. PostgreSQL also counts earlier transactions of the connection until it
 * flushes their statistics, so only the difference between two counts says something.
 */
async function countWrites(tx: Transaction): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ name: string; writes: bigint }[]>`
    SELECT relname AS "name", n_tup_ins + n_tup_upd + n_tup_del AS "writes"
    FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname <> ALL(${SYSTEM_TABLES}::text[])`
  return new Map(rows.map(({ name, writes }) => [name, writes]))
}
