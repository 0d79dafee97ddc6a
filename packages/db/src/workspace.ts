import { nameKeysOf } from './nameKeys.ts'
import type { Transaction } from './transaction.ts'

/** A workspace as it is made. */
export interface NewWorkspace {
  id: string
  organizationId: string
  name: string
  createdById: string
}

/** Make a workspace; gives when, or undefined where its organization has one of that name. */
export async function insertWorkspace(tx: Transaction, { id, organizationId, name, createdById }: NewWorkspace): Promise<Date | undefined> {
  const { nameKey, caselessName } = nameKeysOf(name)
  const [row] = await tx.$queryRaw<{ createdAt: Date }[]>`
    INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName", "createdById")
    VALUES (${id}::uuid, ${organizationId}::uuid, ${name}, ${nameKey}, ${caselessName}, ${createdById}::uuid)
    ON CONFLICT ("organizationId", "caselessName") DO NOTHING RETURNING "createdAt"`
  return row?.createdAt
}

/** Rename a locked workspace. A name that its organization has already is a unique violation. */
export async function renameWorkspace(tx: Transaction, workspaceId: string, name: string): Promise<void> {
  await tx.workspace.update({ where: { id: workspaceId }, data: { name, ...nameKeysOf(name) }, select: { id: true } })
}

/** Archive or restore a locked workspace; gives since when it is archived. */
export async function setArchived(tx: Transaction, workspaceId: string, archived: boolean): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ archivedAt: Date | null }[]>`
    UPDATE "workspace" SET "archivedAt" = CASE WHEN ${archived} THEN now() END, "archiveVersion" = "archiveVersion" + 1 WHERE "id" = ${workspaceId}::uuid RETURNING "archivedAt"`
  return row?.archivedAt ?? null
}

/** Delete a locked workspace with its memberships. */
export async function deleteWorkspace(tx: Transaction, workspaceId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM "workspace" WHERE "id" = ${workspaceId}::uuid`
}
