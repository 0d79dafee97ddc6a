import type { Count, Paged, Scope, WorkspaceDetail, WorkspaceRow } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'
import { countUpTo } from '../sql/count.ts'
import { type PageQuery, toPaged } from '../sql/page.ts'
import { isMember, workspaceScope } from '../sql/scope.ts'
import { workspaceSearch } from '../sql/search.ts'
import { toQuery } from '../user/userList.ts'

/** A filter on the workspaces within the scope. */
export interface WorkspaceFilter {
  search?: string | undefined
  /** True: only archived ones; false: only the others. */
  archived?: boolean | undefined
  organizationId?: string | undefined
}

interface ListedWorkspace {
  id: string
  organizationId: string
  name: string
  nameKey: string
  archivedAt: Date | null
  createdAt: Date
  memberCount: number
  assigned: boolean
  expiresAt: Date | null
}

const COLUMNS = Prisma.sql`w."id", w."organizationId", w."name", w."nameKey", w."archivedAt", w."createdAt",
  (SELECT count(*)::int FROM "member" m WHERE m."workspaceId" = w."id" AND ${CURRENT_MEMBER}) AS "memberCount"`

/** When the actor's own membership expires. */
function expiryOf(actorId: string): Prisma.Sql {
  return Prisma.sql`(SELECT e."expiresAt" FROM "member" e WHERE e."workspaceId" = w."id" AND e."userId" = ${actorId}::uuid) AS "expiresAt"`
}

function matching(scope: Scope, { search, archived, organizationId }: WorkspaceFilter): Prisma.Sql {
  const conditions = [workspaceScope(scope)]
  const searchCondition = workspaceSearch(search)
  if (searchCondition) conditions.push(searchCondition)
  if (archived !== undefined)
    conditions.push(archived ? Prisma.sql`w."archivedAt" IS NOT NULL` : Prisma.sql`w."archivedAt" IS NULL`)
  if (organizationId !== undefined) conditions.push(Prisma.sql`w."organizationId" = ${organizationId}::uuid`)
  return Prisma.sql`FROM "workspace" w WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** One page of the workspaces within a scope, by name. `assigned`: whether `actorId` is a member. */
export async function listWorkspaces(
  pool: pg.Pool,
  actorId: string,
  scope: Scope,
  filter: WorkspaceFilter,
  page: PageQuery,
): Promise<Paged<WorkspaceRow>> {
  const cursorCondition = page.from
    ? Prisma.sql`AND (w."nameKey", w."id") ${page.backward ? Prisma.sql`<` : Prisma.sql`>`} (${page.from.value}, ${page.from.id}::uuid)`
    : Prisma.empty
  const order = page.backward ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const statement = Prisma.sql`SELECT ${COLUMNS}, ${isMember(actorId)} AS "assigned", ${expiryOf(actorId)} ${matching(scope, filter)} ${cursorCondition}
    ORDER BY w."nameKey" ${order}, w."id" ${order} LIMIT ${page.size + 1}`
  const { rows } = await pool.query<ListedWorkspace>(toQuery(statement, filter.search === undefined))
  return toPaged(rows, page, (row) => ({ value: row.nameKey, id: row.id }), toWorkspaceRow)
}

/** The number of matching workspaces: exact up to 10,000. */
export function countWorkspaces(pool: pg.Pool, scope: Scope, filter: WorkspaceFilter): Promise<Count> {
  return countUpTo(pool, matching(scope, filter), filter.search === undefined)
}

/** The details of a workspace that was already loaded within the actor's scope; undefined when it was deleted since. */
export async function workspaceDetail(
  pool: pg.Pool,
  actorId: string,
  workspaceId: string,
): Promise<WorkspaceDetail | undefined> {
  const statement = Prisma.sql`SELECT ${COLUMNS}, ${isMember(actorId)} AS "assigned", ${expiryOf(actorId)}, o."name" AS "organizationName", o."timeZone"
    FROM "workspace" w JOIN "organization" o ON o."id" = w."organizationId" WHERE w."id" = ${workspaceId}::uuid`
  const { rows } = await pool.query<ListedWorkspace & { organizationName: string; timeZone: string }>(
    toQuery(statement, true),
  )
  const row = rows[0]
  return row && { ...toWorkspaceRow(row), organizationName: row.organizationName, timeZone: row.timeZone }
}

function toWorkspaceRow(row: ListedWorkspace): WorkspaceRow {
  return {
    id: row.id,
    organizationId: row.organizationId,
    name: row.name,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    memberCount: row.memberCount,
    assigned: row.assigned,
    expiresAt: row.assigned ? (row.expiresAt?.toISOString() ?? null) : null,
  }
}
