import type { SessionEndReason } from '@roster/domain'
import type pg from 'pg'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'

/**
 * Why an invalid session `s` of user `u` in organization `o` has ended: its own reason, else the status of the account,
 * else its expiry.
 */
export const END_REASON = `CASE WHEN s."endedAt" IS NOT NULL THEN s."endReason" WHEN u."status" = 'deleted' THEN 'deleted' WHEN u."status" <> 'active' THEN 'suspended'
  WHEN o."status" <> 'active' THEN 'organization-suspended' ELSE 'expired' END`

/** Why the session of a token's hash ended, for 30 days; undefined when there is no such session. */
export async function findSessionEnd(
  pool: pg.Pool,
  tokenHash: Buffer,
): Promise<{ reason: SessionEndReason; at: Date } | undefined> {
  const { rows } = await pool.query<{ reason: SessionEndReason; at: Date }>({
    name: 'session-end',
    text: `SELECT ${END_REASON} AS "reason",
      COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) AS "at"
      FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId"
      WHERE s."tokenHash" = $1 AND COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) > now() - interval '30 days'`,
    values: [tokenHash],
  })
  return rows[0]
}

/** Why a session ended, for a transaction that found it invalid. */
export async function findSessionEndById(
  tx: Transaction,
  sessionId: string,
): Promise<{ reason: SessionEndReason; at: Date } | undefined> {
  const [row] = await tx.$queryRaw<{ reason: SessionEndReason; at: Date }[]>`
    SELECT ${Prisma.raw(END_REASON)} AS "reason", COALESCE(s."endedAt", now()) AS "at"
    FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" WHERE s."id" = ${sessionId}::uuid`
  return row
}

/** Ends all open sessions of users, except one; returns their ids. */
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

/**
 * Ends one session of a user, by its public id or its token hash; false when it has already ended or is not theirs.
 * `endedById` defaults to the user.
 */
export async function endSession(
  tx: Transaction,
  { userId, ...session }: { userId: string } & ({ sessionId: string } | { tokenHash: Buffer }),
  reason: SessionEndReason,
  endedById = userId,
): Promise<boolean> {
  const condition =
    'sessionId' in session
      ? Prisma.sql`"id" = ${session.sessionId}::uuid`
      : Prisma.sql`"tokenHash" = ${session.tokenHash}`
  const ended = await tx.$executeRaw`
    UPDATE "session" SET "endedAt" = now(), "endReason" = ${reason}, "endedById" = ${endedById}::uuid WHERE ${condition} AND "userId" = ${userId}::uuid AND "endedAt" IS NULL`
  return ended > 0
}

/** A session that has ended. `endedById`: the user who ended it; null when it expired. */
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

/**
 * A user's ended sessions, latest first; 20 at most. `organizationId`: only those in this organization. Selects no
 * secret.
 */
export async function listEndedSessions(
  tx: Pick<Transaction, '$queryRaw'>,
  userId: string,
  organizationId: string | null,
): Promise<EndedSession[]> {
  return tx.$queryRaw<EndedSession[]>`
    SELECT s."id", s."device", s."address", s."createdAt", s."lastSeenAt", COALESCE(s."endedAt", LEAST(s."expiresAt", s."absoluteEndAt")) AS "endedAt",
      COALESCE(s."endReason", 'expired') AS "reason", s."endedById"
    FROM "session" s WHERE s."userId" = ${userId}::uuid AND (${organizationId}::uuid IS NULL OR s."organizationId" = ${organizationId}::uuid) AND (s."endedAt" IS NOT NULL OR LEAST(s."expiresAt", s."absoluteEndAt") <= now())
    ORDER BY 6 DESC, s."id" LIMIT 20`
}
