import {
  type Actor,
  type PasswordChooser,
  REAUTHENTICATION_LIFETIME_MS,
  type Role,
  type Scope,
  type UserStatus,
} from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { SECOND_FACTOR_REQUIRED } from '../factor/secondFactorRequired.ts'
import { Prisma } from '../generated/client.ts'
import { ROLE_NETWORKS } from '../instance/network.ts'
import { ACTIVE_ACCOUNT, EXISTING_USER } from '../sql/conditions.ts'
import { isMember, lockAssignment, userScope, workspaceScope } from '../sql/scope.ts'
import { PASSWORD_CHOSEN_BY } from '../user/chosenPassword.ts'
import { lockQueue } from './lockQueue.ts'

/** The target user of a change, loaded and locked at its start. */
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

/** The target workspace of a change, loaded and locked. `assigned`: whether the actor is a member now. */
export interface LockedWorkspace {
  id: string
  organizationId: string
  name: string
  archivedAt: Date | null
  archiveVersion: number
  assigned: boolean
}

/** The actor, locked by the transaction. */
export type LockedActor = Actor & {
  username: string
  /** The networks (CIDR) that their role may come from; null for any. */
  networks: string[] | null
  /** Whether their role requires a second factor, and they have none. */
  factorRequired: boolean
  /** Whether they reauthenticated recently enough for a sensitive change. */
  isReauthenticated: boolean
}

/**
 * Loads and locks the principal: user, session and organization; undefined when the session has ended or the account is
 * not active. A change is decided by these rows, since the session check may be a moment old. The session is locked
 * too, because ending it does not touch the user's row.
 */
export async function lockPrincipal(
  tx: Transaction,
  by: { userId: string; sessionId: string; organizationId: string },
): Promise<LockedActor | undefined> {
  const lock = () => tx.$queryRaw<LockedActor[]>`
    WITH ${lockQueue(by.userId, 'shared')}, ${lockQueue(by.organizationId, 'shared', 'organization_lock_queue')}
    SELECT u."id", u."role", u."organizationId", u."username", o."managerScope", ${Prisma.raw(ROLE_NETWORKS)} AS "networks", ${Prisma.raw(SECOND_FACTOR_REQUIRED)} AS "factorRequired",
      s."reauthenticatedAt" > clock_timestamp() - make_interval(secs => ${REAUTHENTICATION_LIFETIME_MS / 1000}::int) AS "isReauthenticated"
    FROM lock_queue, organization_lock_queue, "user" u
    JOIN "session" s ON s."userId" = u."id" JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    WHERE u."id" = ${by.userId}::uuid AND s."id" = ${by.sessionId}::uuid AND s."endedAt" IS NULL AND ${ACTIVE_ACCOUNT}
    FOR SHARE OF u, s, o`
  const [row] = await lock()
  if (row) return row
  // A user who was moved while this waited has another organization than the one joined.
  return (await lock())[0]
}

const LOCKED_USER = Prisma.sql`u."id", u."organizationId", u."username", u."displayName", u."about", u."role", u."status", u."statusVersion", u."dailyLimit", u."version",
  u."language", u."theme", u."timeFormat", u."editedAt", u."editedById", u."passwordHash" IS NOT NULL AS "hasPassword", ${PASSWORD_CHOSEN_BY}`

/** Loads and locks one user within the scope; undefined when there is none. */
export async function lockUser(tx: Transaction, scope: Scope, userId: string): Promise<LockedUser | undefined> {
  const [row] = await tx.$queryRaw<LockedUser[]>`
    WITH ${lockQueue(userId, 'exclusive')}
    SELECT ${LOCKED_USER} FROM lock_queue, "user" u WHERE u."id" = ${userId}::uuid AND ${EXISTING_USER} AND ${userScope(scope)} FOR NO KEY UPDATE OF u`
  return row
}

/** Loads and locks a user by username, for the operator. `suspended`: the user or their organization is suspended. */
export async function lockUserNamed(
  tx: Transaction,
  username: string,
): Promise<{ id: string; organizationId: string; suspended: boolean } | undefined> {
  const known = await tx.user.findUnique({ where: { username }, select: { id: true } })
  if (!known) return undefined
  const [row] = await tx.$queryRaw<{ id: string; organizationId: string; suspended: boolean }[]>`
    WITH ${lockQueue(known.id, 'exclusive')}
    SELECT u."id", u."organizationId", u."status" <> 'active' OR o."status" <> 'active' AS "suspended"
    FROM lock_queue, "user" u JOIN "organization" o ON o."id" = u."organizationId" WHERE u."id" = ${known.id}::uuid AND u."username" = ${username} FOR NO KEY UPDATE OF u`
  return row
}

/** Loads one user within the scope without locking. */
export async function findUser(tx: Transaction, scope: Scope, userId: string): Promise<LockedUser | undefined> {
  const [row] = await tx.$queryRaw<LockedUser[]>`
    SELECT ${LOCKED_USER} FROM "user" u WHERE u."id" = ${userId}::uuid AND ${EXISTING_USER} AND ${userScope(scope)}`
  return row
}

/** The names of the given users who are within the scope. */
export async function findUserNames(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT u."id", COALESCE(u."displayName", u."username") AS "name" FROM "user" u WHERE u."id" = ANY(${ids}::uuid[]) AND ${EXISTING_USER} AND ${userScope(scope)}`
}

/** The columns of a workspace `w`, with whether the actor is a member. */
export function workspaceColumns(actorId: string): Prisma.Sql {
  return Prisma.sql`w."id", w."organizationId", w."name", w."archivedAt", w."archiveVersion", ${isMember(actorId)} AS "assigned"`
}

/** Loads and locks one workspace within the scope. `share` lets several changes of its members run at once. */
export async function lockWorkspace(
  tx: Transaction,
  actorId: string,
  scope: Scope,
  workspaceId: string,
  mode: 'share' | 'update',
): Promise<LockedWorkspace | undefined> {
  const rowLock = mode === 'share' ? Prisma.sql`FOR SHARE OF w` : Prisma.sql`FOR UPDATE OF w`
  const assignment = lockAssignment(scope)
  const [row] = await tx.$queryRaw<LockedWorkspace[]>`
    WITH ${lockQueue(workspaceId, mode === 'share' ? 'shared' : 'exclusive')}
    SELECT ${workspaceColumns(actorId)}
    FROM lock_queue, "workspace" w ${assignment.join} WHERE w."id" = ${workspaceId}::uuid AND ${workspaceScope(scope)} ${rowLock} ${assignment.lock}`
  return row
}

/** Loads one workspace within the scope without locking. */
export async function findWorkspace(
  tx: Transaction,
  actorId: string,
  scope: Scope,
  workspaceId: string,
): Promise<LockedWorkspace | undefined> {
  const [row] = await tx.$queryRaw<LockedWorkspace[]>`
    SELECT ${workspaceColumns(actorId)}
    FROM "workspace" w WHERE w."id" = ${workspaceId}::uuid AND ${workspaceScope(scope)}`
  return row
}
