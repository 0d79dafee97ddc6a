import type { SessionEndReason } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

/** Why session `s` of user `u` in organization `o` is over, once it is known to be: what ended it, else whoever can't get in any more, else its time. */
export const WHY_OVER = `CASE WHEN s."endedAt" IS NOT NULL THEN s."endReason" WHEN u."status" = 'deleted' THEN 'deleted' WHEN u."status" <> 'active' THEN 'suspended'
  WHEN o."status" <> 'active' THEN 'organization-suspended' ELSE 'expired' END`

/** Why the session of a token's hash is over, for 30 days after its end; undefined when nothing is known of it. */
export async function findSessionEnd(pool: pg.Pool, tokenHash: Buffer): Promise<{ reason: SessionEndReason; at: Date } | undefined> {
  const { rows } = await pool.query<{ reason: SessionEndReason; at: Date }>({
    name: 'session-end',
    text: `SELECT ${WHY_OVER} AS "reason",
      COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) AS "at"
      FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId"
      WHERE s."tokenHash" = $1 AND COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) > now() - interval '30 days'`,
    values: [tokenHash],
  })
  return rows[0]
}

/** Why a session is over, asked inside the transaction that found it so. */
export async function sessionEndOf(tx: Transaction, sessionId: string): Promise<{ reason: SessionEndReason; at: Date } | undefined> {
  const [row] = await tx.$queryRaw<{ reason: SessionEndReason; at: Date }[]>`
    SELECT ${Prisma.raw(WHY_OVER)} AS "reason", COALESCE(s."endedAt", now()) AS "at"
    FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" WHERE s."id" = ${sessionId}::uuid`
  return row
}

/** End all open sessions of users, but one; gives the ended ones' ids. */
export async function endSessions(
  tx: Transaction,
  userIds: readonly string[],
  reason: SessionEndReason,
  by: { endedById: string | null; except?: string | undefined },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE "session" SET "endedAt" = now(), "endReason" = ${reason}, "endedById" = ${by.endedById}::uuid
    WHERE "userId" = ANY(${userIds}::uuid[]) AND "endedAt" IS NULL AND "id" IS DISTINCT FROM ${by.except ?? null}::uuid RETURNING "id"`
  return rows.map((row) => row.id)
}

/** End one session of somebody's, by themselves unless somebody else is named, known by its public id or by its token's hash; false when it is over already, or not theirs. */
export async function endSession(
  tx: Transaction,
  { userId, ...which }: { userId: string } & ({ sessionId: string } | { tokenHash: Buffer }),
  reason: SessionEndReason,
  endedById = userId,
): Promise<boolean> {
  const one = 'sessionId' in which ? Prisma.sql`"id" = ${which.sessionId}::uuid` : Prisma.sql`"tokenHash" = ${which.tokenHash}`
  const ended = await tx.$executeRaw`
    UPDATE "session" SET "endedAt" = now(), "endReason" = ${reason}, "endedById" = ${endedById}::uuid WHERE ${one} AND "userId" = ${userId}::uuid AND "endedAt" IS NULL`
  return ended > 0
}

/** A session of somebody that is over; `endedById`: who ended it, unless it ended by itself. */
export interface EndedSession {
  id: string
  device: string | null
  address: string | null
  createdAt: Date
  lastSeenAt: Date
  endedAt: Date
  reason: SessionEndReason
  endedById: string | null
}

/** Somebody's sessions that are over, the latest first; 20 at most, and only those in an organization, where one is named. Selects no secret. */
export async function listEndedSessions(tx: Pick<Transaction, '$queryRaw'>, userId: string, organizationId: string | null): Promise<EndedSession[]> {
  return tx.$queryRaw<EndedSession[]>`
    SELECT s."id", s."device", s."address", s."createdAt", s."lastSeenAt", COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) AS "endedAt",
      COALESCE(s."endReason", 'expired') AS "reason", s."endedById"
    FROM "session" s WHERE s."userId" = ${userId}::uuid AND (${organizationId}::uuid IS NULL OR s."organizationId" = ${organizationId}::uuid) AND (s."endedAt" IS NOT NULL OR LEAST(s."expiresAt", s."absoluteEndAt") <= now())
    ORDER BY 6 DESC, s."id" LIMIT 20`
}
