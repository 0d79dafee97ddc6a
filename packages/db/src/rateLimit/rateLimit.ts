import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'

/**
 * A rate limit. `backoff`: `free` attempts, then a wait of 1 s that doubles up to 15 min. `window`: at most `attempts`
 * in `seconds`. `count`: counts and never refuses.
 */
export type RateLimitRule =
  | { kind: 'backoff'; free: number }
  | { kind: 'window'; attempts: number; seconds: number }
  | { kind: 'count'; seconds: number }

/** No wait. Not now(): rounded to milliseconds it may lie in the future, and would refuse the next attempt. */
const NO_WAIT = Prisma.sql`'epoch'::timestamptz`
const BACKOFF_MAX_SECONDS = 900
const BACKOFF_MEMORY_SECONDS = 86_400

/** An allowed attempt, or when the next one is allowed. */
export type Attempt = { allowed: true; attempts: number } | { allowed: false; retryAt: Date }

/**
 * Consumes one attempt under a key, before it is made, so that parallel attempts can't exceed the limit. A refused
 * attempt changes nothing. After a success the caller refunds the attempt, or resets the key.
 */
export async function consumeAttempt(tx: Transaction, key: Buffer, rule: RateLimitRule): Promise<Attempt> {
  const seconds = rule.kind === 'backoff' ? BACKOFF_MEMORY_SECONDS : rule.seconds
  // A `retryAt` in the future refuses. It is computed here for the next attempt.
  const free = rule.kind === 'backoff' ? rule.free : 0
  const limit = rule.kind === 'window' ? rule.attempts : 2_000_000_000
  const isBackoff = rule.kind === 'backoff'
  const rows = await tx.$queryRaw<{ attempts: number }[]>`
    INSERT INTO "rate_limit" AS t ("key", "attempts", "startedAt", "retryAt", "expiresAt")
    VALUES (${key}, 1, clock_timestamp(), CASE WHEN ${limit}::int <= 1 THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE ${NO_WAIT} END, clock_timestamp() + make_interval(secs => ${seconds}::int))
    ON CONFLICT ("key") DO UPDATE SET
      "attempts" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN 1 ELSE t."attempts" + 1 END,
      "startedAt" = CASE WHEN t."expiresAt" <= clock_timestamp() THEN clock_timestamp() ELSE t."startedAt" END,
      "expiresAt" = CASE WHEN ${isBackoff} OR t."expiresAt" <= clock_timestamp() THEN clock_timestamp() + make_interval(secs => ${seconds}::int) ELSE t."expiresAt" END,
      "retryAt" = CASE
        WHEN t."expiresAt" <= clock_timestamp() THEN ${NO_WAIT}
        WHEN ${isBackoff} AND t."attempts" + 1 >= ${free}::int THEN clock_timestamp() + make_interval(secs => LEAST(power(2, LEAST(t."attempts" + 1 - ${free}::int, 20))::int, ${BACKOFF_MAX_SECONDS}::int))
        WHEN t."attempts" + 1 >= ${limit}::int THEN t."expiresAt"
        ELSE ${NO_WAIT} END
    WHERE t."retryAt" <= clock_timestamp() OR t."expiresAt" <= clock_timestamp()
    RETURNING t."attempts"`
  const [row] = rows
  if (row) return { allowed: true, attempts: row.attempts }
  const [limited] = await tx.$queryRaw<{ retryAt: Date }[]>`SELECT "retryAt" FROM "rate_limit" WHERE "key" = ${key}`
  return { allowed: false, retryAt: limited?.retryAt ?? new Date(Date.now() + 1000) }
}

/** Refunds one attempt under a key. */
export async function refundAttempt(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`UPDATE "rate_limit" SET "attempts" = "attempts" - 1, "retryAt" = ${NO_WAIT} WHERE "key" = ${key} AND "attempts" > 0`
}

/** Resets all attempts under a key. */
export async function resetAttempts(tx: Transaction, key: Buffer): Promise<void> {
  await tx.$executeRaw`DELETE FROM "rate_limit" WHERE "key" = ${key}`
}

/** Deletes expired counters. */
export async function purgeRateLimits(tx: Transaction): Promise<void> {
  await tx.$executeRaw`DELETE FROM "rate_limit" WHERE "expiresAt" < now()`
}
