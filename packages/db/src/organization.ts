import type { ManagerScope, OrganizationStatus, Scope } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import { lockQueueAt } from './lockQueue.ts'
import { nameKeysOf } from './nameKeys.ts'
import type { Transaction } from './transaction.ts'

/** An organization that is acted upon, as loaded and locked at the start of a change. */
export interface LockedOrganization {
  id: string
  name: string
  status: Exclude<OrganizationStatus, 'deleted'>
  timeZone: string
  managerScope: ManagerScope
  oversight: boolean
}

/** A scope as a condition on organizations `o`: whoever does not see the instance sees their own. Deleted ones are seen by nobody. */
export function organizationScope(scope: Scope): Prisma.Sql {
  const own = scope.kind === 'instance' ? Prisma.sql`TRUE` : Prisma.sql`o."id" = ${scope.organizationId}::uuid`
  return Prisma.sql`o."status" <> 'deleted' AND ${own}`
}

const LOCKED = Prisma.sql`o."id", o."name", o."status", o."timeZone", o."managerScope", o."oversight"`

/** An organization within a scope; undefined when there is none to be seen there, for whatever reason. */
export async function findOrganization(tx: Pick<Transaction, '$queryRaw'>, scope: Scope, organizationId: string): Promise<LockedOrganization | undefined> {
  const [row] = await tx.$queryRaw<LockedOrganization[]>`
    SELECT ${LOCKED} FROM "organization" o WHERE o."id" = ${organizationId}::uuid AND ${organizationScope(scope)}`
  return row
}

/** As `findOrganization`, held: `share` against being changed or deleted, `update` for changing it. */
export async function lockOrganization(
  tx: Transaction,
  scope: Scope,
  organizationId: string,
  how: 'share' | 'update',
): Promise<LockedOrganization | undefined> {
  const mode = how === 'share' ? Prisma.sql`FOR SHARE OF o` : Prisma.sql`FOR NO KEY UPDATE OF o`
  const [row] = await tx.$queryRaw<LockedOrganization[]>`
    WITH ${lockQueueAt(organizationId, how === 'share' ? 'shared' : 'alone')}
    SELECT ${LOCKED} FROM lockQueue, "organization" o WHERE o."id" = ${organizationId}::uuid AND ${organizationScope(scope)} ${mode}`
  return row
}

/** Make an organization. A name that is taken is a unique violation. */
export async function insertOrganization(
  tx: Transaction,
  given: { id: string; name: string; timeZone: string | null; createdById: string | null },
): Promise<void> {
  const { nameKey, caselessName } = nameKeysOf(given.name)
  await tx.$executeRaw`
    INSERT INTO "organization" ("id", "name", "nameKey", "caselessName", "timeZone", "createdById")
    SELECT ${given.id}::uuid, ${given.name}, ${nameKey}, ${caselessName}, COALESCE(${given.timeZone}, i."defaultTimeZone"), ${given.createdById}::uuid FROM "instance" i`
}

/** What a change of a locked organization may set; undefined leaves a field as it is. */
export interface OrganizationUpdate {
  name?: string
  timeZone?: string
  managerScope?: ManagerScope
  oversight?: boolean
  status?: 'active' | 'suspended'
}

/** Write a change over a locked organization. Oversight counts from when it is turned on. A name that is taken is a unique violation. */
export async function writeOrganization(tx: Transaction, organizationId: string, edit: OrganizationUpdate): Promise<void> {
  const oversightSince = edit.oversight === undefined ? {} : { oversightSince: edit.oversight ? new Date() : null }
  const keys = edit.name === undefined ? {} : nameKeysOf(edit.name)
  await tx.organization.update({ where: { id: organizationId }, data: { ...edit, ...keys, ...oversightSince }, select: { id: true } })
}

/** End every open session of an organization's people; gives how many. */
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

/** Whether a unique violation is that of an organization's name. */
export function isOrganizationName(violated: string | undefined): boolean {
  return violated === 'organization_name' || (violated?.includes('caselessName') ?? false)
}
