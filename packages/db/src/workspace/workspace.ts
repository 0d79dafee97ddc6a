import type { Transaction } from '../client/transaction.ts'
import { nameKeys } from '../sql/nameKeys.ts'

/** A new workspace. */
export interface NewWorkspace {
  id: string
  organizationId: string
  name: string
  createdById: string
}

/** Inserts a workspace; returns when it was created, or undefined when its organization already has that name. */
export async function insertWorkspace(
  tx: Transaction,
  { id, organizationId, name, createdById }: NewWorkspace,
): Promise<Date | undefined> {
  const { nameKey, caselessName } = nameKeys(name)
  const [row] = await tx.$queryRaw<{ createdAt: Date }[]>`
    INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName", "createdById")
    VALUES (${id}::uuid, ${organizationId}::uuid, ${name}, ${nameKey}, ${caselessName}, ${createdById}::uuid)
    ON CONFLICT ("organizationId", "caselessName") DO NOTHING RETURNING "createdAt"`
  return row?.createdAt
}

/** Renames a locked workspace. A duplicate name in the organization is a unique violation. */
export async function renameWorkspace(tx: Transaction, workspaceId: string, name: string): Promise<void> {
  await tx.workspace.update({ where: { id: workspaceId }, data: { name, ...nameKeys(name) }, select: { id: true } })
}

/** Archives or restores a locked workspace; returns when it was archived, or null. */
export async function setArchived(tx: Transaction, workspaceId: string, archived: boolean): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ archivedAt: Date | null }[]>`
    UPDATE "workspace" SET "archivedAt" = CASE WHEN ${archived} THEN now() END, "archiveVersion" = "archiveVersion" + 1 WHERE "id" = ${workspaceId}::uuid RETURNING "archivedAt"`
  return row?.archivedAt ?? null
}

/** Deletes a locked workspace with its memberships. */
export async function deleteWorkspace(tx: Transaction, workspaceId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM "workspace" WHERE "id" = ${workspaceId}::uuid`
}
