import type { ManagerScope, OrganizationStatus, Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { lockQueue } from '../lock/lockQueue.ts'
import { nameKeys } from '../sql/nameKeys.ts'

/** The target organization of a change, loaded and locked at its start. */
export interface LockedOrganization {
  id: string
  name: string
  status: Exclude<OrganizationStatus, 'deleted'>
  timeZone: string
  managerScope: ManagerScope
  oversight: boolean
}

/**
 * A scope as a condition on organizations `o`: an actor without the instance sees their own. Deleted ones are excluded.
 */
export function organizationScope(scope: Scope): Prisma.Sql {
  const own = scope.kind === 'instance' ? Prisma.sql`TRUE` : Prisma.sql`o."id" = ${scope.organizationId}::uuid`
  return Prisma.sql`o."status" <> 'deleted' AND ${own}`
}

const COLUMNS = Prisma.sql`o."id", o."name", o."status", o."timeZone", o."managerScope", o."oversight"`

/** An organization within a scope; undefined when there is none. */
export async function findOrganization(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  organizationId: string,
): Promise<LockedOrganization | undefined> {
  const [row] = await tx.$queryRaw<LockedOrganization[]>`
    SELECT ${COLUMNS} FROM "organization" o WHERE o."id" = ${organizationId}::uuid AND ${organizationScope(scope)}`
  return row
}

/** As `findOrganization`, locked: `share` against changes and deletion, `update` to change it. */
export async function lockOrganization(
  tx: Transaction,
  scope: Scope,
  organizationId: string,
  mode: 'share' | 'update',
): Promise<LockedOrganization | undefined> {
  const rowLock = mode === 'share' ? Prisma.sql`FOR SHARE OF o` : Prisma.sql`FOR NO KEY UPDATE OF o`
  const [row] = await tx.$queryRaw<LockedOrganization[]>`
    WITH ${lockQueue(organizationId, mode === 'share' ? 'shared' : 'exclusive')}
    SELECT ${COLUMNS} FROM lock_queue, "organization" o WHERE o."id" = ${organizationId}::uuid AND ${organizationScope(scope)} ${rowLock}`
  return row
}

/** Inserts an organization. A duplicate name is a unique violation. */
export async function insertOrganization(
  tx: Transaction,
  values: { id: string; name: string; timeZone: string | null; createdById: string | null },
): Promise<void> {
  const { nameKey, caselessName } = nameKeys(values.name)
  await tx.$executeRaw`
    INSERT INTO "organization" ("id", "name", "nameKey", "caselessName", "timeZone", "createdById")
    SELECT ${values.id}::uuid, ${values.name}, ${nameKey}, ${caselessName}, COALESCE(${values.timeZone}, i."defaultTimeZone"), ${values.createdById}::uuid FROM "instance" i`
}

/** The fields that a change of an organization may set; undefined keeps the value. */
export interface OrganizationUpdate {
  name?: string
  timeZone?: string
  managerScope?: ManagerScope
  oversight?: boolean
  status?: 'active' | 'suspended'
}

/** Updates a locked organization. Oversight starts when it is turned on. A duplicate name is a unique violation. */
export async function writeOrganization(
  tx: Transaction,
  organizationId: string,
  update: OrganizationUpdate,
): Promise<void> {
  const oversightSince = update.oversight === undefined ? {} : { oversightSince: update.oversight ? new Date() : null }
  const keys = update.name === undefined ? {} : nameKeys(update.name)
  await tx.organization.update({
    where: { id: organizationId },
    data: { ...update, ...keys, ...oversightSince },
    select: { id: true },
  })
}

/** Ends every open session of an organization's users; returns how many. */
export async function endOrganizationSessions(
  tx: Transaction,
  organizationId: string,
  reason: 'organization-suspended' | 'deleted',
  endedById: string,
): Promise<number> {
  return tx.$executeRaw`
    UPDATE "session" SET "endedAt" = now(), "endReason" = ${reason}, "endedById" = ${endedById}::uuid
    WHERE "endedAt" IS NULL AND "userId" IN (SELECT "id" FROM "user" WHERE "organizationId" = ${organizationId}::uuid)`
}

/** Whether a unique violation means that the name of an organization is taken. */
export function isOrganizationNameTaken(violated: string | undefined): boolean {
  return violated === 'organization_name' || (violated?.includes('caselessName') ?? false)
}
