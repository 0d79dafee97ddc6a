import {
  COUNT_MAX,
  type Count,
  type OrganizationDetail,
  type OrganizationRow,
  type Paged,
  type Scope,
} from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { EXISTING_USER } from '../sql/conditions.ts'
import { countUpTo } from '../sql/count.ts'
import { type PageQuery, toPaged } from '../sql/page.ts'
import { organizationSearch } from '../sql/search.ts'
import { toQuery } from '../user/userList.ts'
import { organizationScope } from './organization.ts'

/** A filter on the organizations within the scope. */
export interface OrganizationFilter {
  search?: string | undefined
  status?: 'active' | 'suspended' | undefined
}

interface Listed extends Omit<OrganizationRow, 'createdAt'> {
  nameKey: string
  createdAt: Date
}

// Counting stops at 10,000: a list must not wait for its largest organization.
const COLUMNS = Prisma.sql`o."id", o."name", o."nameKey", o."status", o."createdAt",
  (SELECT count(*)::int FROM (SELECT 1 FROM "user" u WHERE u."organizationId" = o."id" AND ${EXISTING_USER} LIMIT ${COUNT_MAX}) p) AS "users",
  (SELECT count(*)::int FROM (SELECT 1 FROM "workspace" w WHERE w."organizationId" = o."id" LIMIT ${COUNT_MAX}) c) AS "workspaces"`

function matching(scope: Scope, { search, status }: OrganizationFilter): Prisma.Sql {
  const conditions = [organizationScope(scope)]
  const searchCondition = organizationSearch(search)
  if (searchCondition) conditions.push(searchCondition)
  if (status !== undefined) conditions.push(Prisma.sql`o."status" = ${status}::"organization_status"`)
  return Prisma.sql`FROM "organization" o WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** One page of the organizations within a scope, by name. */
export async function listOrganizations(
  pool: pg.Pool,
  scope: Scope,
  filter: OrganizationFilter,
  page: PageQuery,
): Promise<Paged<OrganizationRow>> {
  const cursorCondition = page.from
    ? Prisma.sql`AND (o."nameKey", o."id") ${page.backward ? Prisma.sql`<` : Prisma.sql`>`} (${page.from.value}, ${page.from.id}::uuid)`
    : Prisma.empty
  const order = page.backward ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const statement = Prisma.sql`SELECT ${COLUMNS} ${matching(scope, filter)} ${cursorCondition} ORDER BY o."nameKey" ${order}, o."id" ${order} LIMIT ${page.size + 1}`
  const { rows } = await pool.query<Listed>(toQuery(statement, filter.search === undefined))
  return toPaged(rows, page, (row) => ({ value: row.nameKey, id: row.id }), toRow)
}

/** The number of matching organizations: exact up to 10,000. */
export function countOrganizations(pool: pg.Pool, scope: Scope, filter: OrganizationFilter): Promise<Count> {
  return countUpTo(pool, matching(scope, filter), filter.search === undefined)
}

/**
 * The details of an organization that was already loaded within the actor's scope; undefined when it was deleted since.
 */
export async function organizationDetail(
  pool: pg.Pool,
  organizationId: string,
): Promise<OrganizationDetail | undefined> {
  const statement = Prisma.sql`SELECT ${COLUMNS}, o."timeZone", o."managerScope", o."oversight", o."oversightSince"
    FROM "organization" o WHERE o."id" = ${organizationId}::uuid AND o."status" <> 'deleted'`
  const { rows } = await pool.query<
    Listed & Pick<OrganizationDetail, 'timeZone' | 'managerScope' | 'oversight'> & { oversightSince: Date | null }
  >(toQuery(statement, true))
  const row = rows[0]
  if (!row) return undefined
  const { timeZone, managerScope, oversight, oversightSince } = row
  return { ...toRow(row), timeZone, managerScope, oversight, oversightSince: oversightSince?.toISOString() ?? null }
}

function toRow({ id, name, status, createdAt, users, workspaces }: Listed): OrganizationRow {
  return { id, name, status, createdAt: createdAt.toISOString(), users, workspaces }
}
