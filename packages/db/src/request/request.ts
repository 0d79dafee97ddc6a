import type { Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'
import { userScope } from '../sql/scope.ts'

/** A new request to add a colleague to a workspace. */
export interface NewRequest {
  id: string
  organizationId: string
  workspaceId: string
  requestedById: string
  colleague: string
  note: string | null
}

/** Inserts a request. */
export async function insertRequest(tx: Transaction, request: NewRequest): Promise<void> {
  await tx.memberRequest.create({ data: request, select: { id: true } })
}

/**
 * Counts a user's open requests in workspaces they are still in. Locks the count until the transaction ends: other
 * calls of that user wait.
 */
export async function lockOpenRequests(tx: Transaction, requestedById: string): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('member-request'), hashtext(${requestedById}))`
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM "member_request" r JOIN "member" m ON m."workspaceId" = r."workspaceId" AND m."userId" = r."requestedById" AND ${CURRENT_MEMBER}
    WHERE r."requestedById" = ${requestedById}::uuid AND r."decidedAt" IS NULL`
  return row?.count ?? 0
}

/** A request to be decided. `decided`: the decision, if there is one already. */
export interface RequestToDecide {
  id: string
  requestedById: string
  colleague: string
  decided: { accepted: boolean; by: string | null } | null
}

/** A request of a workspace. The user who decided it is named only within `visibleUsers`. */
export async function findRequest(
  tx: Transaction,
  visibleUsers: Scope,
  workspaceId: string,
  requestId: string,
): Promise<RequestToDecide | undefined> {
  const [row] = await tx.$queryRaw<RequestToDecide[]>`
    SELECT r."id", r."requestedById", r."colleague",
      CASE WHEN r."decidedAt" IS NOT NULL THEN json_build_object('accepted', r."accepted", 'by', (SELECT d."username" FROM "user" d WHERE d."id" = r."decidedById" AND ${userScope(visibleUsers, Prisma.sql`d`)})) END AS "decided"
    FROM "member_request" r WHERE r."id" = ${requestId}::uuid AND r."workspaceId" = ${workspaceId}::uuid`
  return row
}

/**
 * Saves a decision: one conditional update, so exactly one of many parallel calls gets true. `userId`: the added user;
 * null when declined.
 */
export async function closeRequest(
  tx: Transaction,
  requestId: string,
  decidedById: string,
  userId: string | null,
): Promise<boolean> {
  const closed = await tx.$executeRaw`
    UPDATE "member_request" SET "decidedAt" = now(), "decidedById" = ${decidedById}::uuid, "accepted" = ${userId !== null}, "userId" = ${userId}::uuid
    WHERE "id" = ${requestId}::uuid AND "decidedAt" IS NULL`
  return closed === 1
}

/** Deletes an open request of the user; returns where it was, or undefined when there is none. */
export async function withdrawRequest(
  tx: Transaction,
  requestId: string,
  requestedById: string,
): Promise<{ organizationId: string; workspaceId: string; colleague: string } | undefined> {
  const [row] = await tx.$queryRaw<{ organizationId: string; workspaceId: string; colleague: string }[]>`
    DELETE FROM "member_request" WHERE "id" = ${requestId}::uuid AND "requestedById" = ${requestedById}::uuid AND "decidedAt" IS NULL
    RETURNING "organizationId", "workspaceId", "colleague"`
  return row
}
