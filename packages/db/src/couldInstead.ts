import type { Actor, Role, Scope, Subject } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import { userScope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/** Somebody who might do it instead, as the policy asks for them; `assigned`: whether they are a member of the workspace it is about. */
export interface Candidate extends Actor {
  name: string
  assigned: boolean
}

/** How many are asked about at most: more than enough to name a few. */
const ASKED = 60

interface Wanted {
  /** Not this one. */
  userId: string
  roles: readonly Role[]
  subject: Subject
  /** The workspace it is about. */
  workspaceId: string | undefined
  /** Those of this organization come first, and of the others administrators alone. */
  organizationId: string
}

/**
 * People within a scope who have one of these roles and could sign in, those first who are nearest: what the policy then says of each isn't known here.
 * Of default users only those come into question who are members of the workspace, or whom it is about.
 */
export async function findCandidates(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  { userId, roles, subject, workspaceId, organizationId }: Wanted,
): Promise<Candidate[]> {
  const member = workspaceId
    ? Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = u."id" AND (m."expiresAt" IS NULL OR m."expiresAt" > now()))`
    : Prisma.sql`FALSE`
  const ordinary = subject.kind === 'user' ? Prisma.sql`u."id" = ${subject.user.id}::uuid` : subject.kind === 'workspace' ? member : Prisma.sql`TRUE`
  return tx.$queryRaw<Candidate[]>`
    SELECT u."id", COALESCE(u."displayName", u."username") AS "name", u."role", u."organizationId", o."managerScope", ${member} AS "assigned"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"
    WHERE ${userScope(scope)} AND u."status" = 'active' AND o."status" = 'active' AND u."id" <> ${userId}::uuid AND u."role" = ANY(${roles}::"role"[])
      AND (u."role" = 'administrator' OR u."organizationId" = ${organizationId}::uuid) AND (u."role" <> 'default' OR ${ordinary})
    ORDER BY u."organizationId" = ${organizationId}::uuid DESC, 6 DESC, u."role" DESC, u."username" LIMIT ${ASKED}`
}
