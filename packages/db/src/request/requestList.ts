import { type Actor, type Count, decideRole, type Paged, type RequestRow, visibleScope } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { countUpTo } from '../sql/count.ts'
import { type PageQuery, toPaged } from '../sql/page.ts'
import { userScope, workspaceScope } from '../sql/scope.ts'
import { toQuery } from '../user/userList.ts'

/** A filter on the requests that the reader may see. */
export interface RequestFilter {
  organizationId?: string | undefined
  workspaceId?: string | undefined
  open?: boolean | undefined
}

type Listed = Omit<RequestRow, 'createdAt' | 'decidedAt' | 'state'> & {
  createdAt: Date
  decidedAt: Date | null
  accepted: boolean | null
}

/** The requests in workspaces of the actor's scope: all of them for an actor who may decide, else their own. */
function matching(actor: Actor, { organizationId, workspaceId, open }: RequestFilter): Prisma.Sql {
  const conditions = [workspaceScope(visibleScope(actor, 'workspace'))]
  if (!mayDecide(actor)) conditions.push(Prisma.sql`r."requestedById" = ${actor.id}::uuid`)
  if (organizationId !== undefined) conditions.push(Prisma.sql`r."organizationId" = ${organizationId}::uuid`)
  if (workspaceId !== undefined) conditions.push(Prisma.sql`r."workspaceId" = ${workspaceId}::uuid`)
  if (open !== undefined)
    conditions.push(open ? Prisma.sql`r."decidedAt" IS NULL` : Prisma.sql`r."decidedAt" IS NOT NULL`)
  return Prisma.sql`FROM "member_request" r JOIN "workspace" w ON w."id" = r."workspaceId" WHERE ${Prisma.join(conditions, ' AND ')}`
}

function mayDecide(actor: Actor): boolean {
  return decideRole(actor.role, 'request.decide').allowed
}

/**
 * One page of requests, newest first: their ids are in order of creation. Only an actor who may decide sees who decided
 * and who was added.
 */
export async function listRequests(
  pool: pg.Pool,
  actor: Actor,
  filter: RequestFilter,
  page: PageQuery,
): Promise<Paged<RequestRow>> {
  const cursorCondition = page.from
    ? Prisma.sql`AND r."id" ${page.backward ? Prisma.sql`>` : Prisma.sql`<`} ${page.from.id}::uuid`
    : Prisma.empty
  const userVisible = userScope(visibleScope(actor, 'user'), Prisma.sql`x`)
  const nameOf = (column: Prisma.Sql) =>
    mayDecide(actor)
      ? Prisma.sql`(SELECT json_build_object('id', x."id", 'username', x."username") FROM "user" x WHERE x."id" = ${column} AND ${userVisible})`
      : Prisma.sql`NULL::json`
  const statement = Prisma.sql`
    SELECT r."id", r."workspaceId", w."name" AS "workspaceName", r."colleague", r."note", r."createdAt", r."decidedAt", r."accepted",
      (SELECT json_build_object('id', x."id", 'username', x."username", 'displayName', x."displayName") FROM "user" x WHERE x."id" = r."requestedById" AND ${userVisible}) AS "requestedBy",
      ${nameOf(Prisma.sql`r."decidedById"`)} AS "decidedBy", ${nameOf(Prisma.sql`r."userId"`)} AS "user"
    ${matching(actor, filter)} ${cursorCondition} ORDER BY r."id" ${page.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${page.size + 1}`
  const { rows } = await pool.query<Listed>(toQuery(statement, true))
  return toPaged(rows, page, ({ id }) => ({ value: '', id }), toRow)
}

/** The number of matching requests: exact up to 10,000. */
export function countRequests(pool: pg.Pool, actor: Actor, filter: RequestFilter): Promise<Count> {
  return countUpTo(pool, matching(actor, filter), true)
}

function toRow({ createdAt, decidedAt, accepted, ...row }: Listed): RequestRow {
  const state = accepted === null ? 'open' : accepted ? 'accepted' : 'declined'
  return { ...row, state, createdAt: createdAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null }
}
