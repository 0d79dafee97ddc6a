import { refuse, type Scope } from '@roster/domain'
import { holdAssignment, workspaceScope } from './scope.ts'
import type { Transaction } from './transaction.ts'

/** Where somebody is put, and by whom. */
export interface Joining {
  organizationId: string
  workspaceId: string
  addedById: string | null
}

/** Put people into a workspace; gives those who really came in. One whose membership had ended by itself comes in anew. */
export async function insertMembers(tx: Transaction, { organizationId, workspaceId, addedById }: Joining, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ userId: string }[]>`
    INSERT INTO "member" AS m ("organizationId", "workspaceId", "userId", "addedById")
    SELECT ${organizationId}::uuid, ${workspaceId}::uuid, "userId", ${addedById}::uuid FROM unnest(${[...userIds].sort()}::uuid[]) AS r("userId") ORDER BY "userId"
    ON CONFLICT ("workspaceId", "userId") DO UPDATE SET "addedAt" = now(), "addedById" = ${addedById}::uuid, "until" = NULL WHERE m."until" <= now()
    RETURNING "userId"`
  return rows.map((row) => row.userId)
}

/** Take people out of a workspace; gives those who were really in. One whose membership had ended by itself was not. */
export async function deleteMembers(tx: Transaction, workspaceId: string, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ userId: string; in: boolean }[]>`
    DELETE FROM "member" WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ANY(${userIds}::uuid[]) RETURNING "userId", "until" IS NULL OR "until" > now() AS "in"`
  return rows.filter((row) => row.in).map((row) => row.userId)
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
  const held = holdAssignment(scope)
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
