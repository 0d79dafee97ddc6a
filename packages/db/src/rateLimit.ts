import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

/**
 * A rule of counting. `backoff`: `free` tries, then a wait of 1 s that doubles to 15 min. `window`: at most `tries` in `seconds`.
 * `count`: never refuses; only how many there were.
 */
export type RateLimitRule = { kind: 'backoff'; free: number } | { kind: 'window'; attempts: number; seconds: number } | { kind: 'count'; seconds: number }

/** No wait at all. Not the present: stored in milliseconds it may be rounded to a moment that is yet to come, and would refuse whoever tries just then. */
const NO_WAIT = Prisma.sql`'epoch'::timestamptz`
const BACKOFF_MAX_SECONDS = 900
const BACKOFF_MEMORY_SECONDS = 86_400

/** A try that was counted, or the time before which none is. */
export type Attempt = { taken: true; attempts: number } | { taken: false; retryAt: Date }

/**
 * Count one try under a key before it is made, so that parallel tries can't slip through: either it is taken, or nothing changes.
 * Tries that turn out well are given back, or all under their key forgotten.
 */
export async function consumeAttempt(tx: Transaction, key: Buffer, rule: RateLimitRule): Promise<Attempt> {
  const seconds = rule.kind === 'backoff' ? BACKOFF_MEMORY_SECONDS : rule.seconds
  // `retryAt` in the future refuses; it is computed here for the try after this one.
  const free = rule.kind === 'backoff' ? rule.free : 0
  const most = rule.kind === 'window' ? rule.attempts : 2_000_000_000
  const waits = rule.kind === 'backoff'
  const rows = await tx.$queryRaw<{ attempts: number }[]>`
    INSERT INTO "rate_limit" AS t ("key", "attempts", "startedAt", "retryAt", "expiresAt")
    VALUES (${key}, 1, clock_timestamp(), CASE WHEN ${most}::int <= 1 THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE ${NO_WAIT} END, clock_timestamp() + make_interval(secs => ${seconds}::int))
    ON CONFLICT ("key") DO UPDATE SET
      "attempts" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN 1 ELSE t."attempts" + 1 END,
      "startedAt" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN clock_timestamp() ELSE t."startedAt" END,
      "expiresAt" = CASE WHEN ${waits} OR t."expiresAt" <= clock_timestamp() THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE t."expiresAt" END,
      "retryAt" = CASE
        WHEN t."expiresAt" <= clock_timestamp() THEN ${NO_WAIT}
        WHEN ${waits} AND t."attempts" + 1 >= ${free}::int THEN clock_timestamp() + make_interval(secs => LEAST(power(2, LEAST(t."attempts" + 1 - ${free}::int, 20))::int, ${BACKOFF_MAX_SECONDS}::int))
        WHEN t."attempts" + 1 >= ${most}::int THEN t."expiresAt"
        ELSE ${NO_WAIT} END
    WHERE t."retryAt" <= clock_timestamp() OR t."expiresAt" <= clock_timestamp()
    RETURNING t."attempts"`
  const [row] = rows
  if (row) return { taken: true, attempts: row.attempts }
  const [waiting] = await tx.$queryRaw<{ retryAt: Date }[]>`SELECT "retryAt" FROM "rate_limit" WHERE "key" = ${key}`
  return { taken: false, retryAt: waiting?.retryAt ?? new Date(Date.now() + 1000) }
}

/** Take one try back under a key. */
export async function refundAttempt(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`UPDATE "rate_limit" SET "attempts" = "attempts" - 1, "retryAt" = ${NO_WAIT} WHERE "key" = ${key} AND "attempts" > 0`
}

/** Forget all tries under a key. */
export async function resetAttempts(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`DELETE FROM "rate_limit" WHERE "key" = ${key}`
}

/** Drop counters that mean nothing any more. */
export async function purgeRateLimits(tx: Transaction): Promise<void> {
  await tx.$executeRaw`DELETE FROM "rate_limit" WHERE "expiresAt" < now()`
}
