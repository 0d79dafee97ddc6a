import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

/**
 * A rule of counting. `backoff`: `free` tries, then a wait of 1 s that doubles to 15 min. `window`: at most `tries` in `seconds`.
 * `count`: never refuses; only how many there were.
 */
export type ThrottleRule = { kind: 'backoff'; free: number } | { kind: 'window'; tries: number; seconds: number } | { kind: 'count'; seconds: number }

/** No wait at all. Not the present: stored in milliseconds it may be rounded to a moment that is yet to come, and would refuse whoever tries just then. */
const AT_ONCE = Prisma.sql`'epoch'::timestamptz`
const BACKOFF_MAX_SECONDS = 900
const BACKOFF_MEMORY_SECONDS = 86_400

/** A try that was counted, or the time before which none is. */
export type Try = { taken: true; tries: number } | { taken: false; retryAt: Date }

/**
 * Count one try under a key before it is made, so that parallel tries can't slip through: either it is taken, or nothing changes.
 * Tries that turn out well are given back, or all under their key forgotten.
 */
export async function takeTry(tx: Transaction, key: Buffer, rule: ThrottleRule): Promise<Try> {
  const seconds = rule.kind === 'backoff' ? BACKOFF_MEMORY_SECONDS : rule.seconds
  // `retryAt` in the future refuses; it is computed here for the try after this one.
  const free = rule.kind === 'backoff' ? rule.free : 0
  const most = rule.kind === 'window' ? rule.tries : 2_000_000_000
  const waits = rule.kind === 'backoff'
  const rows = await tx.$queryRaw<{ tries: number }[]>`
    INSERT INTO "throttle" AS t ("key", "tries", "startedAt", "retryAt", "expiresAt")
    VALUES (${key}, 1, clock_timestamp(), CASE WHEN ${most}::int <= 1 THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE ${AT_ONCE} END, clock_timestamp() + make_interval(secs => ${seconds}::int))
    ON CONFLICT ("key") DO UPDATE SET
      "tries" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN 1 ELSE t."tries" + 1 END,
      "startedAt" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN clock_timestamp() ELSE t."startedAt" END,
      "expiresAt" = CASE WHEN ${waits} OR t."expiresAt" <= clock_timestamp() THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE t."expiresAt" END,
      "retryAt" = CASE
        WHEN t."expiresAt" <= clock_timestamp() THEN ${AT_ONCE}
        WHEN ${waits} AND t."tries" + 1 >= ${free}::int THEN clock_timestamp() + make_interval(secs => LEAST(power(2, LEAST(t."tries" + 1 - ${free}::int, 20))::int, ${BACKOFF_MAX_SECONDS}::int))
        WHEN t."tries" + 1 >= ${most}::int THEN t."expiresAt"
        ELSE ${AT_ONCE} END
    WHERE t."retryAt" <= clock_timestamp() OR t."expiresAt" <= clock_timestamp()
    RETURNING t."tries"`
  const [row] = rows
  if (row) return { taken: true, tries: row.tries }
  const [waiting] = await tx.$queryRaw<{ retryAt: Date }[]>`SELECT "retryAt" FROM "throttle" WHERE "key" = ${key}`
  return { taken: false, retryAt: waiting?.retryAt ?? new Date(Date.now() + 1000) }
}

/** Take one try back under a key. */
export async function giveBackTry(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`UPDATE "throttle" SET "tries" = "tries" - 1, "retryAt" = ${AT_ONCE} WHERE "key" = ${key} AND "tries" > 0`
}

/** Forget all tries under a key. */
export async function forgetTries(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`DELETE FROM "throttle" WHERE "key" = ${key}`
}

/** Drop counters that mean nothing any more. */
export async function sweepThrottle(tx: Transaction): Promise<void> {
  await tx.$executeRaw`DELETE FROM "throttle" WHERE "expiresAt" < now()`
}
