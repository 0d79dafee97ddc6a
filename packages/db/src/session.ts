import type { ManagerScope, Role, SessionEndReason } from '@roster/domain'
import type pg from 'pg'
import { FACTOR_REQUIRED } from './factorRequired.ts'
import { lockQueueAt } from './lockQueue.ts'
import { NETWORKS } from './network.ts'
import { WHY_OVER } from './sessionEnd.ts'
import type { Transaction } from './transaction.ts'

/** A valid session with everything that its every call needs, in one row. */
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
  /** The security policies want a second factor of their role, and they have none. */
  factorRequired: boolean
  factorResetAt: Date | null
  factorResetById: string | null
  factorResetByName: string | null
  /** Networks (CIDR) from which their role may come; null: from anywhere. */
  networks: string[] | null
}

/** The one statement that checks a session: named, so that PostgreSQL plans it once per connection. `$1`: SHA-256 of the token. */
export const SESSION_STATEMENT = {
  name: 'session-check',
  text: `SELECT s."id" AS "sessionId", s."expiresAt", s."lastSeenAt", u."id" AS "userId", u."username", u."displayName", u."about", u."role", u."organizationId",
    u."dailyLimit", u."language", u."theme", u."timeFormat", u."version", u."secondFactor", ${FACTOR_REQUIRED} AS "factorRequired", u."factorResetAt", u."factorResetById", f."username" AS "factorResetByName", u."passwordChangeRequired", u."passwordSetAt", u."passwordSetById", p."username" AS "passwordSetByName",
    o."name" AS "organizationName", o."timeZone", o."managerScope", i."name" AS "instanceName", i."supportAddress", i."passwordMin", i."changeAtFirstSignIn", ${NETWORKS} AS "networks"
    FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    LEFT JOIN "user" p ON p."id" = u."passwordSetById" LEFT JOIN "user" f ON f."id" = u."factorResetById"
    WHERE s."tokenHash" = $1 AND s."endedAt" IS NULL AND s."expiresAt" > now() AND s."absoluteEndAt" > now() AND u."status" = 'active' AND o."status" = 'active'`,
} as const

/** The session of a token's hash, if it is valid now in every respect. */
export async function findSession(pool: pg.Pool, tokenHash: Buffer): Promise<SessionUser | undefined> {
  const { rows } = await pool.query<SessionUser>({ ...SESSION_STATEMENT, values: [tokenHash] })
  return rows[0]
}

/** A session that was asked for again, and what its user may do now. */
export interface SessionNow {
  valid: boolean
  /** Why not, when it isn't. */
  reason: SessionEndReason
  role: Role
  organizationId: string
  managerScope: ManagerScope
  /** In how many milliseconds it ends by itself, unless it is used. */
  endsIn: number
  networks: string[] | null
  factorRequired: boolean
}

/** Whether sessions are still good: what open streams ask when they hear of their users. By session id; one that is missing is unknown. */
export async function checkSessions(pool: pg.Pool, sessionIds: readonly string[]): Promise<Map<string, SessionNow>> {
  const { rows } = await pool.query<SessionNow & { sessionId: string }>({
    name: 'session-still',
    text: `SELECT s."id" AS "sessionId",
      s."endedAt" IS NULL AND s."expiresAt" > now() AND s."absoluteEndAt" > now() AND u."status" = 'active' AND o."status" = 'active' AS "valid",
      ${WHY_OVER} AS "reason",
      u."role", u."organizationId", o."managerScope", (EXTRACT(epoch FROM LEAST(s."expiresAt", s."absoluteEndAt") - now()) * 1000)::float8 AS "endsIn", ${NETWORKS} AS "networks", ${FACTOR_REQUIRED} AS "factorRequired"
      FROM "session" s JOIN "user" u ON u."id" = s."userId" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i WHERE s."id" = ANY($1::uuid[])`,
    values: [sessionIds],
  })
  return new Map(rows.map(({ sessionId, ...session }) => [sessionId, session]))
}

/**
 * Note that a session was used, at most once a minute: its idle end moves on, never past its absolute end, and the user's last-seen time goes with it.
 * Rows that a change holds just now are left for the next call: a look at oneself waits for nobody, and can't deadlock with whoever ends the session.
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

/** A session as it is opened. */
export interface NewSession {
  id: string
  tokenHash: Buffer
  userId: string
  expiresAt: Date
  absoluteEndAt: Date
  device: string | null
  address: string | null
}

/** Open a session, in the caller's transaction, for no longer than the security policies allow; the user's last-seen time goes with it. */
export async function openSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.$executeRaw`
    WITH ${lockQueueAt(session.userId, 'alone')}, u AS (UPDATE "user" u SET "lastSeenAt" = now() FROM lockQueue WHERE u."id" = ${session.userId}::uuid RETURNING u."id", u."organizationId")
    INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "device", "address", "expiresAt", "absoluteEndAt")
    SELECT ${session.id}::uuid, ${session.tokenHash}, u."organizationId", u."id", ${session.device}, ${session.address},
      LEAST(${session.expiresAt}, now() + make_interval(secs => i."sessionIdleSeconds"), now() + make_interval(secs => i."sessionAbsoluteSeconds")),
      LEAST(${session.absoluteEndAt}, now() + make_interval(secs => i."sessionAbsoluteSeconds")) FROM u CROSS JOIN "instance" i`
}

/** Somebody's open sessions, newest use first; 200 at most. Selects no secret. */
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

/** A session's holder proved anew who they are. */
export async function recordReauthentication(tx: Transaction, sessionId: string): Promise<void> {
  await tx.$executeRaw`UPDATE "session" SET "reauthenticatedAt" = clock_timestamp() WHERE "id" = ${sessionId}::uuid`
}
