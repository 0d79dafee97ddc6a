import { randomUUIDv7 } from 'node:crypto'
import type { AuditActor } from '../audit/audit.ts'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { anonymizeUsers } from '../user/userDelete.ts'

/** The number of deleted users and workspaces. */
export interface DeletedOrganization {
  users: number
  workspaces: number
}

/**
 * Deletes a locked organization with its users, workspaces and invitations. Its row and the rows of its users stay,
 * anonymized, so that ids are never used again. Each user gets an audit event under the batch. The caller ends the
 * sessions.
 */
export async function anonymizeOrganization(
  tx: Transaction,
  organizationId: string,
  by: AuditActor,
  batchId: string,
): Promise<DeletedOrganization> {
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
  await anonymizeUsers(tx, Prisma.sql`u."organizationId" = ${organizationId}::uuid`)
  await tx.$executeRaw`UPDATE "organization" SET "status" = 'deleted', "name" = '', "nameKey" = '', "caselessName" = '' WHERE "id" = ${organizationId}::uuid`
  return { users: users.length, workspaces }
}
