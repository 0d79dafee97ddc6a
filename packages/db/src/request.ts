import type { Scope } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import { MEMBER_NOW } from './member.ts'
import { userScope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/** A request as it is made. */
export interface NewRequest {
  id: string
  organizationId: string
  workspaceId: string
  requestedById: string
  colleague: string
  note: string | null
}

/** Make a request. */
export async function insertRequest(tx: Transaction, request: NewRequest): Promise<void> {
  await tx.memberRequest.create({ data: request, select: { id: true } })
}

/** How many requests of somebody's are open, in workspaces they are still in. Whoever asks holds the answer until the transaction's end: other calls of the same person wait. */
export async function lockOpenRequests(tx: Transaction, requestedById: string): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('member-request'), hashtext(${requestedById}))`
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM "member_request" r JOIN "member" m ON m."workspaceId" = r."workspaceId" AND m."userId" = r."requestedById" AND ${MEMBER_NOW}
    WHERE r."requestedById" = ${requestedById}::uuid AND r."decidedAt" IS NULL`
  return row?.count ?? 0
}

/** A request as it is before it is decided. */
export interface FoundRequest {
  id: string
  requestedById: string
  colleague: string
  decided: { accepted: boolean; by: string | null } | null
}

/** A request of a workspace. Who decided it is named where they lie within `seen`. */
export async function findRequest(tx: Transaction, expected: Scope, workspaceId: string, requestId: string): Promise<FoundRequest | undefined> {
  const [row] = await tx.$queryRaw<FoundRequest[]>`
    SELECT r."id", r."requestedById", r."colleague",
      CASE WHEN r."decidedAt" IS NOT NULL THEN json_build_object('accepted', r."accepted", 'by', (SELECT d."username" FROM "user" d WHERE d."id" = r."decidedById" AND ${userScope(expected, Prisma.sql`d`)})) END AS "decided"
    FROM "member_request" r WHERE r."id" = ${requestId}::uuid AND r."workspaceId" = ${workspaceId}::uuid`
  return row
}

/** Decide a request: one conditional update, so exactly one of many does. `userId`: who was added; null where it is declined. */
export async function settleRequest(tx: Transaction, requestId: string, decidedById: string, userId: string | null): Promise<boolean> {
  const settled = await tx.$executeRaw`
    UPDATE "member_request" SET "decidedAt" = now(), "decidedById" = ${decidedById}::uuid, "accepted" = ${userId !== null}, "userId" = ${userId}::uuid
    WHERE "id" = ${requestId}::uuid AND "decidedAt" IS NULL`
  return settled === 1
}

/** Take back an open request of one's own; gives where it was, or undefined when there is none. */
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
