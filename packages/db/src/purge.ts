import type pg from 'pg'

/** Rows in one statement: enough to get on, few enough not to keep others waiting. */
const NO_WAIT = 5_000

// What is over says why for 30 days. A browser that wasn't used for a year has lost its mark; a person has no more than these.
const OUTLIVED = [
  `DELETE FROM "session" WHERE "id" IN (SELECT "id" FROM "session" WHERE COALESCE("endedAt", LEAST("expiresAt", "absoluteEndAt")) < now() - interval '30 days' LIMIT ${NO_WAIT})`,
  `DELETE FROM "link" WHERE "id" IN (SELECT "id" FROM "link" WHERE COALESCE("usedAt", "revokedAt", "expiresAt") < now() - interval '30 days' LIMIT ${NO_WAIT})`,
  `DELETE FROM "challenge" WHERE "id" IN (SELECT "id" FROM "challenge" WHERE "expiresAt" < now() LIMIT ${NO_WAIT})`,
  `DELETE FROM "device_cookie" WHERE ("tokenHash", "userId") IN (
     SELECT b."tokenHash", b."userId" FROM (SELECT "tokenHash", "userId", "lastUsedAt", row_number() OVER (PARTITION BY "userId" ORDER BY "lastUsedAt" DESC) AS "place" FROM "device_cookie") b
     WHERE b."place" > 50 OR b."lastUsedAt" < now() - interval '1 year' LIMIT ${NO_WAIT})`,
] as const

/** Drop sessions, links and browsers' marks that mean nothing any more. Any number of nodes may do so at once. */
export async function purgeExpired(pool: pg.Pool): Promise<void> {
  for (const statement of OUTLIVED) while ((await pool.query(statement)).rowCount === NO_WAIT);
}
