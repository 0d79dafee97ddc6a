import type { MembershipExpiry } from '@roster/domain'
import { lockQueueAt } from './lockQueue.ts'
import type { Transaction } from './transaction.ts'

/** One membership that counts now, held against change; undefined where there is none. */
export async function lockMember(tx: Transaction, workspaceId: string, userId: string): Promise<{ username: string; expiresAt: Date | null } | undefined> {
  const [row] = await tx.$queryRaw<{ username: string; expiresAt: Date | null }[]>`
    SELECT u."username", m."expiresAt" FROM "member" m JOIN "user" u ON u."id" = m."userId"
    WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = ${userId}::uuid AND (m."expiresAt" IS NULL OR m."expiresAt" > clock_timestamp()) FOR UPDATE OF m`
  return row
}

/** Set when a held membership ends by itself; null: not at all. */
export async function writeExpiry(tx: Transaction, workspaceId: string, userId: string, expiresAt: Date | null): Promise<void> {
  await tx.$executeRaw`UPDATE "member" SET "expiresAt" = ${expiresAt} WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ${userId}::uuid`
}

/** Set when memberships that just began end by themselves. */
export async function writeEnds(tx: Transaction, workspaceId: string, ends: readonly MembershipExpiry[]): Promise<void> {
  if (ends.length === 0) return
  await tx.$executeRaw`UPDATE "member" m SET "expiresAt" = r."expiresAt" FROM unnest(${ends.map(({ userId }) => userId)}::uuid[], ${ends.map(({ expiresAt }) => expiresAt)}::timestamptz[]) AS r("userId", "expiresAt")
    WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = r."userId"`
}

/** The workspaces in which memberships have ended by themselves and still lie there; 100 at most. */
export async function workspacesWithEnded(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<{ workspaceId: string }[]>`SELECT DISTINCT "workspaceId" FROM "member" WHERE "expiresAt" <= now() LIMIT 100`
  return rows.map((row) => row.workspaceId)
}

/** A membership that was over and has been cleared away. */
export interface EndedMember {
  organizationId: string
  userId: string
  username: string | null
  expiresAt: Date
}

/**
 * Clear away a workspace's memberships that have ended by themselves: whoever reads has long treated them as none. The workspace is held alone, since
 * saves of its members take a row that lies there for a membership to be begun anew.
 */
export async function clearEnded(tx: Transaction, workspaceId: string): Promise<EndedMember[]> {
  await tx.$queryRaw`WITH ${lockQueueAt(workspaceId, 'alone')} SELECT 1 FROM lockQueue, "workspace" w WHERE w."id" = ${workspaceId}::uuid FOR UPDATE OF w`
  return tx.$queryRaw<EndedMember[]>`
    WITH e AS (DELETE FROM "member" WHERE "workspaceId" = ${workspaceId}::uuid AND "expiresAt" <= now() RETURNING "organizationId", "userId", "expiresAt")
    SELECT e.*, u."username" FROM e JOIN "user" u ON u."id" = e."userId" ORDER BY e."expiresAt", e."userId"`
}
