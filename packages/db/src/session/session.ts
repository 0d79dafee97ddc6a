import type { ManagerScope, Role, SessionEndReason } from '@roster/domain'
import type pg from 'pg'
import type { Transaction } from '../client/transaction.ts'
import { SECOND_FACTOR_REQUIRED } from '../factor/secondFactorRequired.ts'
import { ROLE_NETWORKS } from '../instance/network.ts'
import { lockQueue } from '../lock/lockQueue.ts'
import { ACTIVE_ACCOUNT, OPEN_SESSION } from '../sql/conditions.ts'
import { END_REASON } from './sessionEnd.ts'

/** A valid session with everything that each call needs, in one row. */
export interface SessionUser {
  sessionId: string
  expiresAt: Date
  lastSeenAt: Date
  userId: string
  username: string
  displayName: string | null
  about: string | null
  role: Role
  organizationId: string
  dailyLimit: number | null
  language: string | null
  theme: string | null
  timeFormat: string | null
  version: number
  passwordChangeRequired: boolean
  passwordSetAt: Date | null
  passwordSetById: string | null
  passwordSetByName: string | null
  organizationName: string
  timeZone: string
  managerScope: ManagerScope
  instanceName: string
  supportAddress: string | null
  passwordMin: number
  changeAtFirstSignIn: boolean
  secondFactor: boolean
  /** Whether their role requires a second factor, and they have none. */
  factorRequired: boolean
  factorResetAt: Date | null
  factorResetById: string | null
  factorResetByName: string | null
  /** Networks (CIDR) that their role may come from; null for any. */
  networks: string[] | null
}

/**
 * The statement that checks a session. Its name lets PostgreSQL plan it once per connection. `$1`: SHA-256 of the
 * token.
 */
export const SESSION_STATEMENT = {
  name: 'session-check',
  text: `SELECT s."id" AS "sessionId", s."expiresAt", s."lastSeenAt", u."id" AS "userId", u."username", u."displayName", u."about", u."role", u."organizationId",
    u."dailyLimit", u."language", u."theme", u."timeFormat", u."version", u."secondFactor", ${SECOND_FACTOR_REQUIRED} AS "factorRequired", u."factorResetAt", u."factorResetById", f."username" AS "factorResetByName", u."passwordChangeRequired", u."passwordSetAt", u."passwordSetById", p."username" AS "passwordSetByName",
    o."name" AS "organizationName", o."timeZone", o."managerScope", i."name" AS "instanceName", i."supportAddress", i."passwordMin", i."changeAtFirstSignIn", ${ROLE_NETWORKS} AS "networks"
    FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    LEFT JOIN "user" p ON p."id" = u."passwordSetById" LEFT JOIN "user" f ON f."id" = u."factorResetById"
    WHERE s."tokenHash" = $1 AND ${OPEN_SESSION.sql} AND ${ACTIVE_ACCOUNT.sql}`,
} as const

/** The valid session of a token's hash. */
export async function findSession(pool: pg.Pool, tokenHash: Buffer): Promise<SessionUser | undefined> {
  const { rows } = await pool.query<SessionUser>({ ...SESSION_STATEMENT, values: [tokenHash] })
  return rows[0]
}

/** The current status of a session and its user. */
export interface SessionStatus {
  valid: boolean
  /** The reason when it is not valid. */
  reason: SessionEndReason
  role: Role
  organizationId: string
  managerScope: ManagerScope
  /** Milliseconds until it expires, unless it is used. */
  expiresIn: number
  networks: string[] | null
  factorRequired: boolean
}

/**
 * Checks the sessions of open connections again, after a change of their users. By session id; an unknown session is
 * missing.
 */
export async function checkSessions(pool: pg.Pool, sessionIds: readonly string[]): Promise<Map<string, SessionStatus>> {
  const { rows } = await pool.query<SessionStatus & { sessionId: string }>({
    name: 'session-status',
    text: `SELECT s."id" AS "sessionId",
      ${OPEN_SESSION.sql} AND ${ACTIVE_ACCOUNT.sql} AS "valid",
      ${END_REASON} AS "reason",
      u."role", u."organizationId", o."managerScope", (EXTRACT(epoch FROM LEAST(s."expiresAt", s."absoluteEndAt") - now()) * 1000)::float8 AS "expiresIn", ${ROLE_NETWORKS} AS "networks", ${SECOND_FACTOR_REQUIRED} AS "factorRequired"
      FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i WHERE s."id" = ANY($1::uuid[])`,
    values: [sessionIds],
  })
  return new Map(rows.map(({ sessionId, ...session }) => [sessionId, session]))
}

/**
 * Records that a session was used, at most once a minute: extends its idle expiry up to the absolute one, and updates
 * the user's last-seen time. Skips locked rows: the next call records it, and this one neither waits nor deadlocks with
 * a change that ends the session.
 */
export async function touchSession(pool: pg.Pool, sessionId: string): Promise<void> {
  await pool.query({
    name: 'session-touch',
    text: `WITH f AS (
        SELECT s."id", u."id" AS "userId" FROM "session" s JOIN "user" u ON u."id" = s."userId"
        WHERE s."id" = $1 AND s."endedAt" IS NULL AND s."lastSeenAt" < now() - interval '1 minute' FOR NO KEY UPDATE OF s, u SKIP LOCKED
      ), t AS (
        UPDATE "session" s SET "lastSeenAt" = now(), "expiresAt" = LEAST(now() + make_interval(secs => i."sessionIdleSeconds"), s."absoluteEndAt") FROM f CROSS JOIN "instance" i WHERE s."id" = f."id"
      ) UPDATE "user" u SET "lastSeenAt" = now() FROM f WHERE u."id" = f."userId"`,
    values: [sessionId],
  })
}

/** A new session. */
export interface NewSession {
  id: string
  tokenHash: Buffer
  userId: string
  expiresAt: Date
  absoluteEndAt: Date
  device: string | null
  address: string | null
}

/** Inserts a session, for no longer than the security policies allow, and updates the user's last-seen time. */
export async function openSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.$executeRaw`
    WITH ${lockQueue(session.userId, 'exclusive')}, u AS (UPDATE "user" u SET "lastSeenAt" = now() FROM lock_queue WHERE u."id" = ${session.userId}::uuid RETURNING u."id", u."organizationId")
    INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "device", "address", "expiresAt", "absoluteEndAt")
    SELECT ${session.id}::uuid, ${session.tokenHash}, u."organizationId", u."id", ${session.device}, ${session.address},
      LEAST(${session.expiresAt}, now() + make_interval(secs => i."sessionIdleSeconds"), now() + make_interval(secs => i."sessionAbsoluteSeconds")),
      LEAST(${session.absoluteEndAt}, now() + make_interval(secs => i."sessionAbsoluteSeconds")) FROM u CROSS JOIN "instance" i`
}

/** A user's open sessions, latest use first; 200 at most. Selects no secret. */
export async function listSessions(
  prisma: Pick<Transaction, 'session'>,
  userId: string,
): Promise<{ id: string; device: string | null; address: string | null; createdAt: Date; lastSeenAt: Date }[]> {
  const now = new Date()
  return prisma.session.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: now }, absoluteEndAt: { gt: now } },
    select: { id: true, device: true, address: true, createdAt: true, lastSeenAt: true },
    orderBy: { lastSeenAt: 'desc' },
    take: 200,
  })
}

/** Records that the user of a session reauthenticated. */
export async function recordReauthentication(tx: Transaction, sessionId: string): Promise<void> {
  await tx.$executeRaw`UPDATE "session" SET "reauthenticatedAt" = clock_timestamp() WHERE "id" = ${sessionId}::uuid`
}
