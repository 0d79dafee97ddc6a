import { randomUUIDv7 } from 'node:crypto'
import type { AuditActor } from './audit.ts'
import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'
import { emptyUsers } from './userDelete.ts'

/** What deleting an organization took away. */
export interface DeletedOrganization {
  users: number
  workspaces: number
}

/**
 * Delete a locked organization with all of its people, workspaces and invitations. Its row and its people's rows stay, emptied, so that their ids
 * are never used again; each person's deletion is an audit event of its own under the batch. Sessions are ended by the caller.
 */
export async function deleteOrganizationRows(tx: Transaction, organizationId: string, by: AuditActor, batchId: string): Promise<DeletedOrganization> {
  await tx.$executeRaw`DELETE FROM "invitation" WHERE "organizationId" = ${organizationId}::uuid`
  await tx.$executeRaw`DELETE FROM "member_request" WHERE "organizationId" = ${organizationId}::uuid`
  await tx.$executeRaw`DELETE FROM "import" WHERE "organizationId" = ${organizationId}::uuid`
  await tx.$executeRaw`DELETE FROM "member" WHERE "organizationId" = ${organizationId}::uuid`
  const workspaces = await tx.$executeRaw`DELETE FROM "workspace" WHERE "organizationId" = ${organizationId}::uuid`
  const rows = await tx.$queryRaw<
    { ids: string[] | null }[]
  >`SELECT array_agg("id") AS "ids" FROM "user" WHERE "organizationId" = ${organizationId}::uuid AND "status" <> 'deleted'`
  const users = rows[0]?.ids ?? []
  const events = users.map(() => randomUUIDv7())
  await tx.$executeRaw`
    INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "outcome", "batchId")
    SELECT r."id", now(), ${organizationId}::uuid, ${by.actorId}::uuid, ${by.through}, ${by.throughId}::uuid, 'user.delete', 'user', r."userId", 'allowed', ${batchId}::uuid
    FROM unnest(${events}::uuid[], ${users}::uuid[]) AS r("id", "userId")`
  await emptyUsers(tx, Prisma.sql`u."organizationId" = ${organizationId}::uuid`)
  await tx.$executeRaw`UPDATE "organization" SET "status" = 'deleted', "name" = '', "nameKey" = '', "caselessName" = '' WHERE "id" = ${organizationId}::uuid`
  return { users: users.length, workspaces }
}
