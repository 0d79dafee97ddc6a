import { refuse, type Scope } from '@roster/domain'
import { lockAssignment, workspaceScope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/** Who is put into workspaces, and by whom. */
export interface Joining {
  organizationId: string
  userId: string
  addedById: string | null
  /** When these memberships end by themselves; not at all unless it is given. */
  expiresAt?: string | undefined
}

/** Put somebody into workspaces; gives those they really came into. A membership that had ended by itself begins anew. */
export async function joinWorkspaces(
  tx: Transaction,
  { organizationId, userId, addedById, expiresAt }: Joining,
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

/** A membership that was taken away, and when it would have ended by itself. */
export interface LeftWorkspace {
  workspaceId: string
  expiresAt: Date | null
}

/** Take somebody out of workspaces; gives those they were really in. A membership that had ended by itself was none. */
export async function leaveWorkspaces(tx: Transaction, userId: string, workspaceIds: readonly string[]): Promise<LeftWorkspace[]> {
  const rows = await tx.$queryRaw<(LeftWorkspace & { in: boolean })[]>`
    DELETE FROM "member" WHERE "userId" = ${userId}::uuid AND "workspaceId" = ANY(${workspaceIds}::uuid[]) RETURNING "workspaceId", "expiresAt", "expiresAt" IS NULL OR "expiresAt" > now() AS "in"`
  return rows.filter((row) => row.in).map(({ workspaceId, expiresAt }) => ({ workspaceId, expiresAt }))
}

/**
 * The workspaces a new user is to join: all in that organization and within the scope, held against archiving and deleting.
 * @throws UNKNOWN_IDS naming those that are not, WORKSPACE_ARCHIVED
 */
export async function workspacesToJoin(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  organizationId: string,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const held = lockAssignment(scope)
  const rows = await tx.$queryRaw<{ id: string; name: string; archivedAt: Date | null }[]>`
    SELECT w."id", w."name", w."archivedAt" FROM "workspace" w ${held.join}
    WHERE w."id" = ANY(${ids}::uuid[]) AND w."organizationId" = ${organizationId}::uuid AND ${workspaceScope(scope)} ORDER BY w."id" FOR SHARE OF w ${held.lock}`
  const known = new Set(rows.map((row) => row.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: unknown })
  const archived = rows.find((row) => row.archivedAt !== null)
  if (archived) throw refuse('WORKSPACE_ARCHIVED', { name: archived.name })
  return rows
}
