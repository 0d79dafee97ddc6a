import type { MembershipExpiry } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { lockQueue } from '../lock/lockQueue.ts'

/** Loads and locks a current membership; undefined when there is none. */
export async function lockMember(
  tx: Transaction,
  workspaceId: string,
  userId: string,
): Promise<{ username: string; expiresAt: Date | null } | undefined> {
  const [row] = await tx.$queryRaw<{ username: string; expiresAt: Date | null }[]>`
    SELECT u."username", m."expiresAt" FROM "member" m JOIN "user" u ON u."id" = m."userId"
    WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = ${userId}::uuid AND (m."expiresAt" IS NULL OR m."expiresAt" > clock_timestamp()) FOR UPDATE OF m`
  return row
}

/** Sets when a locked membership expires; null for never. */
export async function setMemberExpiry(
  tx: Transaction,
  workspaceId: string,
  userId: string,
  expiresAt: Date | null,
): Promise<void> {
  await tx.$executeRaw`UPDATE "member" SET "expiresAt" = ${expiresAt} WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ${userId}::uuid`
}

/** Sets when new memberships expire. */
export async function setMemberExpiries(
  tx: Transaction,
  workspaceId: string,
  expiries: readonly MembershipExpiry[],
): Promise<void> {
  if (expiries.length === 0) return
  await tx.$executeRaw`UPDATE "member" m SET "expiresAt" = r."expiresAt" FROM unnest(${expiries.map(({ userId }) => userId)}::uuid[], ${expiries.map(({ expiresAt }) => expiresAt)}::timestamptz[]) AS r("userId", "expiresAt")
    WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = r."userId"`
}

/** The workspaces that still have rows of expired memberships; 100 at most. */
export async function findWorkspacesWithExpiredMembers(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<
    { workspaceId: string }[]
  >`SELECT DISTINCT "workspaceId" FROM "member" WHERE "expiresAt" <= now() LIMIT 100`
  return rows.map((row) => row.workspaceId)
}

/** An expired membership that was deleted. */
export interface ExpiredMember {
  organizationId: string
  userId: string
  username: string | null
  expiresAt: Date
}

/**
 * Deletes the expired memberships of a workspace. Readers ignore them already. The workspace is locked exclusively,
 * since a change of members renews the row of an expired membership.
 */
export async function deleteExpiredMembers(tx: Transaction, workspaceId: string): Promise<ExpiredMember[]> {
  await tx.$queryRaw`WITH ${lockQueue(workspaceId, 'exclusive')} SELECT 1 FROM lock_queue, "workspace" w WHERE w."id" = ${workspaceId}::uuid FOR UPDATE OF w`
  return tx.$queryRaw<ExpiredMember[]>`
    WITH e AS (DELETE FROM "member" WHERE "workspaceId" = ${workspaceId}::uuid AND "expiresAt" <= now() RETURNING "organizationId", "userId", "expiresAt")
    SELECT e.*, u."username" FROM e JOIN "user" u ON u."id" = e."userId" ORDER BY e."expiresAt", e."userId"`
}
