import { type Actor, type PasswordChooser, REAUTHENTICATION_LIFETIME_MS, type Role, type Scope, type UserStatus } from '@roster/domain'
import { PASSWORD_CHOSEN_BY } from './chosenPassword.ts'
import { FACTOR_REQUIRED } from './factorRequired.ts'
import { Prisma } from './generated/client.ts'
import { lockQueueAt } from './lockQueue.ts'
import { NETWORKS } from './network.ts'
import { isMember, lockAssignment, userScope, workspaceScope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/** A user who is acted upon, as loaded and locked at the start of a change. */
export interface LockedUser {
  id: string
  organizationId: string
  username: string
  displayName: string | null
  about: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  statusVersion: number
  dailyLimit: number | null
  version: number
  language: string | null
  theme: string | null
  timeFormat: string | null
  editedAt: Date | null
  editedById: string | null
  hasPassword: boolean
  passwordChosenBy: PasswordChooser | null
}

/** A workspace that is acted upon, as loaded and locked; `assigned`: whether the actor is a member now. */
export interface LockedWorkspace {
  id: string
  organizationId: string
  name: string
  archivedAt: Date | null
  archiveVersion: number
  assigned: boolean
}

/** The actor as a transaction holds them. */
export type LockedActor = Actor & {
  username: string
  /** The networks their role may come from; null: any. */
  networks: string[] | null
  /** They have to have a second factor, and have none. */
  factorRequired: boolean
  /** When they last proved who they are; `isReauthenticated`: lately enough for what asks for it. */
  isReauthenticated: boolean
}

/**
 * The actor and their organization as they are inside the transaction, held against change until its end; undefined when their session is over or their account
 * is no longer active. What a change is decided by: the session's own row may be a moment old. That row is held, too, since ending a session leaves its
 * user's as it is: whoever waits here for either reads both anew.
 */
export async function lockActorRow(tx: Transaction, by: { userId: string; sessionId: string; organizationId: string }): Promise<LockedActor | undefined> {
  const look = () => tx.$queryRaw<LockedActor[]>`
    WITH ${lockQueueAt(by.userId, 'shared')}, ${lockQueueAt(by.organizationId, 'shared', 'place')}
    SELECT u."id", u."role", u."organizationId", u."username", o."managerScope", ${Prisma.raw(NETWORKS)} AS "networks", ${Prisma.raw(FACTOR_REQUIRED)} AS "factorRequired",
      s."reauthenticatedAt" > clock_timestamp() - make_interval(secs => ${REAUTHENTICATION_LIFETIME_MS / 1000}::int) AS "isReauthenticated"
    FROM lockQueue, place, "user" u
    JOIN "session" s ON s."userId" = u."id" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    WHERE u."id" = ${by.userId}::uuid AND s."id" = ${by.sessionId}::uuid AND s."endedAt" IS NULL AND u."status" = 'active' AND o."status" = 'active'
    FOR SHARE OF u, s, o`
  const [row] = await look()
  if (row) return row
  // Somebody who was moved while they were waited for has another organization than the one that was joined.
  return (await look())[0]
}

const LOCKED_USER = Prisma.sql`u."id", u."organizationId", u."username", u."displayName", u."about", u."role", u."status", u."statusVersion", u."dailyLimit", u."version",
  u."language", u."theme", u."timeFormat", u."editedAt", u."editedById", u."passwordHash" IS NOT NULL AS "hasPassword", ${PASSWORD_CHOSEN_BY}`

/** Load and lock one user within the scope; undefined when there is none to be seen there, for whatever reason. */
export async function lockUser(tx: Transaction, scope: Scope, userId: string): Promise<LockedUser | undefined> {
  const [row] = await tx.$queryRaw<LockedUser[]>`
    WITH ${lockQueueAt(userId, 'alone')}
    SELECT ${LOCKED_USER} FROM lockQueue, "user" u WHERE u."id" = ${userId}::uuid AND u."status" <> 'deleted' AND ${userScope(scope)} FOR NO KEY UPDATE OF u`
  return row
}

/** Load and lock whoever has a name, for the operator; `suspended`: they can't get in, by themselves or by their organization. */
export async function lockUserNamed(tx: Transaction, username: string): Promise<{ id: string; organizationId: string; suspended: boolean } | undefined> {
  const known = await tx.user.findUnique({ where: { username }, select: { id: true } })
  if (!known) return undefined
  const [row] = await tx.$queryRaw<{ id: string; organizationId: string; suspended: boolean }[]>`
    WITH ${lockQueueAt(known.id, 'alone')}
    SELECT u."id", u."organizationId", u."status" <> 'active' OR o."status" <> 'active' AS "suspended"
    FROM lockQueue, "user" u JOIN "organization" o ON o."id" = u."organizationId" WHERE u."id" = ${known.id}::uuid AND u."username" = ${username} FOR NO KEY UPDATE OF u`
  return row
}

/** Load one user within the scope without locking. */
export async function findUser(tx: Transaction, scope: Scope, userId: string): Promise<LockedUser | undefined> {
  const [row] = await tx.$queryRaw<LockedUser[]>`
    SELECT ${LOCKED_USER} FROM "user" u WHERE u."id" = ${userId}::uuid AND u."status" <> 'deleted' AND ${userScope(scope)}`
  return row
}

/** The names of those of these users who lie within the scope. */
export async function findUserNames(tx: Pick<Transaction, '$queryRaw'>, scope: Scope, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  return tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT u."id", COALESCE(u."displayName", u."username") AS "name" FROM "user" u WHERE u."id" = ANY(${ids}::uuid[]) AND u."status" <> 'deleted' AND ${userScope(scope)}`
}

/** What is loaded of a workspace `w`, with whether the actor is a member of it. */
export function lockedWorkspace(actorId: string): Prisma.Sql {
  return Prisma.sql`w."id", w."organizationId", w."name", w."archivedAt", w."archiveVersion", ${isMember(actorId)} AS "assigned"`
}

/** Load and lock one workspace within the scope; `forShare` lets membership saves of one workspace go side by side. */
export async function lockWorkspace(
  tx: Transaction,
  actorId: string,
  scope: Scope,
  workspaceId: string,
  how: 'share' | 'update',
): Promise<LockedWorkspace | undefined> {
  const mode = how === 'share' ? Prisma.sql`FOR SHARE OF w` : Prisma.sql`FOR UPDATE OF w`
  const held = lockAssignment(scope)
  const [row] = await tx.$queryRaw<LockedWorkspace[]>`
    WITH ${lockQueueAt(workspaceId, how === 'share' ? 'shared' : 'alone')}
    SELECT ${lockedWorkspace(actorId)}
    FROM lockQueue, "workspace" w ${held.join} WHERE w."id" = ${workspaceId}::uuid AND ${workspaceScope(scope)} ${mode} ${held.lock}`
  return row
}

/** Load one workspace within the scope without locking. */
export async function findWorkspace(tx: Transaction, actorId: string, scope: Scope, workspaceId: string): Promise<LockedWorkspace | undefined> {
  const [row] = await tx.$queryRaw<LockedWorkspace[]>`
    SELECT ${lockedWorkspace(actorId)}
    FROM "workspace" w WHERE w."id" = ${workspaceId}::uuid AND ${workspaceScope(scope)}`
  return row
}
