import type { Actor, Role, Scope, Subject } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { ACTIVE_ACCOUNT, CURRENT_MEMBER } from '../sql/conditions.ts'
import { userScope } from '../sql/scope.ts'

/**
 * A user who might do an action instead of the actor, as the policy needs them. `assigned`: whether they are a member
 * of the subject's workspace.
 */
export interface PotentialActor extends Actor {
  name: string
  assigned: boolean
}

/** More than enough to name a few. */
const LIMIT = 60

interface PotentialActorQuery {
  /** The user to leave out. */
  userId: string
  roles: readonly Role[]
  subject: Subject
  /** The workspace of the subject. */
  workspaceId: string | undefined
  /** Users of this organization come first. Of the others, only administrators count. */
  organizationId: string
}

/**
 * Active users within a scope who have one of these roles, the closest first. The caller asks the policy about each of
 * them. Default users count only as members of the workspace, or as the subject itself.
 */
export async function findPotentialActors(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  { userId, roles, subject, workspaceId, organizationId }: PotentialActorQuery,
): Promise<PotentialActor[]> {
  const member = workspaceId
    ? Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = u."id" AND ${CURRENT_MEMBER})`
    : Prisma.sql`FALSE`
  const eligibleDefault =
    subject.kind === 'user'
      ? Prisma.sql`u."id" = ${subject.user.id}::uuid`
      : subject.kind === 'workspace'
        ? member
        : Prisma.sql`TRUE`
  return tx.$queryRaw<PotentialActor[]>`
    SELECT u."id", COALESCE(u."displayName", u."username") AS "name", u."role", u."organizationId", o."managerScope", ${member} AS "assigned"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"
    WHERE ${userScope(scope)} AND ${ACTIVE_ACCOUNT} AND u."id" <> ${userId}::uuid AND u."role" = ANY(${roles}::"role"[])
      AND (u."role" = 'administrator' OR u."organizationId" = ${organizationId}::uuid) AND (u."role" <> 'default' OR ${eligibleDefault})
    ORDER BY u."organizationId" = ${organizationId}::uuid DESC, 6 DESC, u."role" DESC, u."username" LIMIT ${LIMIT}`
}
