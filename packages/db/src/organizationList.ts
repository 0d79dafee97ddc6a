import { COUNT_MAX, type Count, type OrganizationDetail, type OrganizationRow, type Paged, type Scope } from '@roster/domain'
import type pg from 'pg'
import { countUpTo } from './count.ts'
import { Prisma } from './generated/client.ts'
import { organizationScope } from './organization.ts'
import { type Reading, toPaged } from './page.ts'
import { organizationSearch } from './search.ts'
import { named } from './userList.ts'

/** Which organizations of those within the scope. */
export interface OrganizationFilter {
  search?: string | undefined
  status?: 'active' | 'suspended' | undefined
}

interface Listed extends Omit<OrganizationRow, 'createdAt'> {
  nameKey: string
  createdAt: Date
}

// Counted to 10,000 and one: a list must not wait for the largest of its organizations.
const COLUMNS = Prisma.sql`o."id", o."name", o."nameKey", o."status", o."createdAt",
  (SELECT count(*)::int FROM (SELECT 1 FROM "user" u WHERE u."organizationId" = o."id" AND u."status" <> 'deleted' LIMIT ${COUNT_MAX}) p) AS "users",
  (SELECT count(*)::int FROM (SELECT 1 FROM "workspace" w WHERE w."organizationId" = o."id" LIMIT ${COUNT_MAX}) c) AS "workspaces"`

function matching(scope: Scope, { search, status }: OrganizationFilter): Prisma.Sql {
  const conditions = [organizationScope(scope)]
  const found = organizationSearch(search)
  if (found) conditions.push(found)
  if (status !== undefined) conditions.push(Prisma.sql`o."status" = ${status}::"organization_status"`)
  return Prisma.sql`FROM "organization" o WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** One page of the organizations within a scope, by name. */
export async function listOrganizations(pool: pg.Pool, scope: Scope, filter: OrganizationFilter, how: Reading): Promise<Paged<OrganizationRow>> {
  const beyond = how.from
    ? Prisma.sql`AND (o."nameKey", o."id") ${how.backward ? Prisma.sql`<` : Prisma.sql`>`} (${how.from.value}, ${how.from.id}::uuid)`
    : Prisma.empty
  const order = how.backward ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const statement = Prisma.sql`SELECT ${COLUMNS} ${matching(scope, filter)} ${beyond} ORDER BY o."nameKey" ${order}, o."id" ${order} LIMIT ${how.size + 1}`
  const { rows } = await pool.query<Listed>(named(statement, filter.search === undefined))
  return toPaged(rows, how, (row) => ({ value: row.nameKey, id: row.id }), toRow)
}

/** How many organizations match: exact to 10,000. */
export function countOrganizations(pool: pg.Pool, scope: Scope, filter: OrganizationFilter): Promise<Count> {
  return countUpTo(pool, matching(scope, filter), filter.search === undefined)
}

/** Everything that is told of one organization, which has already been loaded within the actor's scope; undefined when it is gone since. */
export async function organizationDetail(pool: pg.Pool, organizationId: string): Promise<OrganizationDetail | undefined> {
  const statement = Prisma.sql`SELECT ${COLUMNS}, o."timeZone", o."managerScope", o."oversight", o."oversightSince"
    FROM "organization" o WHERE o."id" = ${organizationId}::uuid AND o."status" <> 'deleted'`
  const { rows } = await pool.query<Listed & Pick<OrganizationDetail, 'timeZone' | 'managerScope' | 'oversight'> & { oversightSince: Date | null }>(
    named(statement, true),
  )
  const row = rows[0]
  if (!row) return undefined
  const { timeZone, managerScope, oversight, oversightSince } = row
  return { ...toRow(row), timeZone, managerScope, oversight, oversightSince: oversightSince?.toISOString() ?? null }
}

function toRow({ id, name, status, createdAt, users, workspaces }: Listed): OrganizationRow {
  return { id, name, status, createdAt: createdAt.toISOString(), users, workspaces }
}
