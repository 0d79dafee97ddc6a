import { refuse, type Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'
import { lockAssignment, workspaceScope } from '../sql/scope.ts'

/** New memberships of a user. */
export interface NewMemberships {
  organizationId: string
  userId: string
  addedById: string | null
  /** When they expire; never unless given. */
  expiresAt?: string | undefined
}

/** Adds a user to workspaces; returns those they were not in. Renews an expired membership. */
export async function addToWorkspaces(
  tx: Transaction,
  { organizationId, userId, addedById, expiresAt }: NewMemberships,
  workspaceIds: readonly string[],
): Promise<string[]> {
  if (workspaceIds.length === 0) return []
  const rows = await tx.$queryRaw<{ workspaceId: string }[]>`
    INSERT INTO "member" AS m ("organizationId", "workspaceId", "userId", "addedById", "expiresAt")
    SELECT ${organizationId}::uuid, r."workspaceId", ${userId}::uuid, ${addedById}::uuid, ${expiresAt ?? null}::timestamptz FROM unnest(${workspaceIds}::uuid[]) AS r("workspaceId") ORDER BY r."workspaceId"
    ON CONFLICT ("workspaceId", "userId") DO UPDATE SET "addedAt" = now(), "addedById" = ${addedById}::uuid, "expiresAt" = EXCLUDED."expiresAt" WHERE m."expiresAt" <= now()
    RETURNING "workspaceId"`
  return rows.map((row) => row.workspaceId)
}

/** A removed membership, and when it would have expired. */
export interface RemovedMembership {
  workspaceId: string
  expiresAt: Date | null
}

/** Removes a user from workspaces; returns those they were in. An expired membership does not count. */
export async function removeFromWorkspaces(
  tx: Transaction,
  userId: string,
  workspaceIds: readonly string[],
): Promise<RemovedMembership[]> {
  const rows = await tx.$queryRaw<(RemovedMembership & { isCurrent: boolean })[]>`
    DELETE FROM "member" m WHERE m."userId" = ${userId}::uuid AND m."workspaceId" = ANY(${workspaceIds}::uuid[])
    RETURNING m."workspaceId", m."expiresAt", ${CURRENT_MEMBER} AS "isCurrent"`
  return rows.filter((row) => row.isCurrent).map(({ workspaceId, expiresAt }) => ({ workspaceId, expiresAt }))
}

/**
 * Locks the workspaces that a new user is added to, against archiving and deleting. All have to be in the organization
 * and within the scope.
 * @throws UNKNOWN_IDS with the ids that are not, WORKSPACE_ARCHIVED
 */
export async function lockWorkspacesToJoin(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  organizationId: string,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const assignment = lockAssignment(scope)
  const rows = await tx.$queryRaw<{ id: string; name: string; archivedAt: Date | null }[]>`
    SELECT w."id", w."name", w."archivedAt" FROM "workspace" w ${assignment.join}
    WHERE w."id" = ANY(${ids}::uuid[]) AND w."organizationId" = ${organizationId}::uuid AND ${workspaceScope(scope)} ORDER BY w."id" FOR SHARE OF w ${assignment.lock}`
  const known = new Set(rows.map((row) => row.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: unknown })
  const archived = rows.find((row) => row.archivedAt !== null)
  if (archived) throw refuse('WORKSPACE_ARCHIVED', { name: archived.name })
  return rows
}
