import type pg from 'pg'

/** Rows per statement: few enough not to block other statements. */
const BATCH_SIZE = 5_000

// An ended session gives its reason for 30 days. A user has at most 50 device cookies; one unused for a year expires.
const STATEMENTS = [
  `DELETE FROM "session" WHERE "id" IN (SELECT "id" FROM "session" WHERE COALESCE("endedAt", LEAST("expiresAt", "absoluteEndAt")) < now() - interval '30 days' LIMIT ${BATCH_SIZE})`,
  `DELETE FROM "link" WHERE "id" IN (SELECT "id" FROM "link" WHERE COALESCE("usedAt", "revokedAt", "expiresAt") < now() - interval '30 days' LIMIT ${BATCH_SIZE})`,
  `DELETE FROM "challenge" WHERE "id" IN (SELECT "id" FROM "challenge" WHERE "expiresAt" < now() LIMIT ${BATCH_SIZE})`,
  `DELETE FROM "device_cookie" WHERE ("tokenHash", "userId") IN (
     SELECT b."tokenHash", b."userId" FROM (SELECT "tokenHash", "userId", "lastUsedAt", row_number() OVER (PARTITION BY "userId" ORDER BY "lastUsedAt" DESC) AS "position" FROM "device_cookie") b
     WHERE b."position" > 50 OR b."lastUsedAt" < now() - interval '1 year' LIMIT ${BATCH_SIZE})`,
] as const

/** Deletes sessions, links, challenges and device cookies that expired. Any number of nodes may run this at once. */
export async function purgeExpiredCredentials(pool: pg.Pool): Promise<void> {
  for (const statement of STATEMENTS) while ((await pool.query(statement)).rowCount === BATCH_SIZE);
}
