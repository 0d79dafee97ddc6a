import type {
  CandidateFilter,
  CandidateRow,
  Candidates,
  Count,
  MemberRow,
  memberCandidates,
  Paged,
  Scope,
} from '@roster/domain'
import { COUNT_MAX } from '@roster/domain'
import type pg from 'pg'
import type * as z from 'zod'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'
import { countUpTo } from '../sql/count.ts'
import { type PageQuery, toPaged } from '../sql/page.ts'
import { userScope } from '../sql/scope.ts'
import { isInSelection, matchesAny } from '../sql/selection.ts'
import { toQuery } from '../user/userList.ts'
import { candidateCondition, isMemberOf, type WorkspaceKey } from './member.ts'

export type MemberFilter = Omit<CandidateFilter, 'member'>

interface ListedMember {
  userId: string
  username: string
  displayName: string | null
  role: MemberRow['role']
  status: MemberRow['status']
  addedAt: Date
  addedBy: string | null
  expiresAt: Date | null
}

function members(workspace: WorkspaceKey, filter: MemberFilter): Prisma.Sql {
  return Prisma.sql`FROM "user" u JOIN "member" m ON m."userId" = u."id" AND m."workspaceId" = ${workspace.id}::uuid AND ${CURRENT_MEMBER}
    LEFT JOIN "user" a ON a."id" = m."addedById" WHERE ${candidateCondition(workspace, filter)}`
}

// Usernames are unique in the instance, so they alone are a key.
function byUsername({ size, backward, from }: PageQuery): Prisma.Sql {
  const cursorCondition = from
    ? Prisma.sql`AND u."username" ${backward ? Prisma.sql`<` : Prisma.sql`>`} ${from.value}`
    : Prisma.empty
  return Prisma.sql`${cursorCondition} ORDER BY u."username" ${backward ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${size + 1}`
}

/** One page of a workspace's members, by username. `addedBy` is named only within `visibleUsers`. */
export async function listMembers(
  pool: pg.Pool,
  visibleUsers: Scope,
  workspace: WorkspaceKey,
  filter: MemberFilter,
  page: PageQuery,
): Promise<Paged<MemberRow>> {
  const statement = Prisma.sql`SELECT m."userId", u."username", u."displayName", u."role", u."status", m."addedAt", CASE WHEN ${userScope(visibleUsers, Prisma.sql`a`)} THEN a."username" END AS "addedBy", m."expiresAt"
    ${members(workspace, filter)} ${byUsername(page)}`
  const { rows } = await pool.query<ListedMember>(toQuery(statement, filter.search === undefined))
  return toPaged(rows, page, (row) => ({ value: row.username, id: row.userId }), toMemberRow)
}

function toMemberRow({ addedAt, expiresAt, ...row }: ListedMember): MemberRow {
  return { ...row, addedAt: addedAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null }
}

/** The number of matching members: exact up to 10,000. */
export function countMembers(pool: pg.Pool, workspace: WorkspaceKey, filter: MemberFilter): Promise<Count> {
  return countUpTo(pool, members(workspace, filter), filter.search === undefined)
}

export type CandidateList = Omit<z.output<typeof memberCandidates>, 'workspaceId' | 'page'>

/** The users who can be added to a workspace: all of its organization, by username. */
export async function listCandidates(
  pool: pg.Pool,
  workspace: WorkspaceKey,
  { filter, ids, add, remove, only }: CandidateList,
  page: PageQuery,
): Promise<Candidates> {
  const toCondition = (each: CandidateFilter) => candidateCondition(workspace, each)
  const member = isMemberOf(workspace.id)
  const selected = Prisma.sql`((${member} OR ${isInSelection(add, toCondition)}) AND u."id" <> ALL(${remove}::uuid[]))`
  const conditions = [toCondition(filter)]
  if (ids) conditions.push(Prisma.sql`u."id" = ANY(${ids}::uuid[])`)
  if (only === 'selected') conditions.push(selected)
  if (only === 'changed') conditions.push(Prisma.sql`${selected} <> ${member}`)
  const from = Prisma.sql`FROM "user" u WHERE ${Prisma.join(conditions, ' AND ')}`
  const rows = Prisma.sql`SELECT u."id", u."username", u."displayName", u."role", u."status", ${member} AS "member", ${matchesAny(add.matching, toCondition)} AS "matches" ${from} ${byUsername(page)}`
  const counts = Prisma.sql`SELECT count(*)::int AS "count", count(*) FILTER (WHERE NOT c."selected")::int AS "unselected"
    FROM (SELECT ${selected} AS "selected" ${from} LIMIT ${COUNT_MAX + 1}) c`
  const prepare = [filter, ...add.matching].every(({ search }) => search === undefined) && ids === undefined
  const [listed, counted] = await Promise.all([
    pool.query<CandidateRow>(toQuery(rows, prepare)),
    pool.query<{ count: number; unselected: number }>(toQuery(counts, prepare)),
  ])
  const { count, unselected } = counted.rows[0] ?? { count: 0, unselected: 0 }
  return {
    ...toPaged(
      listed.rows,
      page,
      (row) => ({ value: row.username, id: row.id }),
      (row) => row,
    ),
    matching: { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX },
    matchingUnselected: Math.min(unselected, COUNT_MAX),
  }
}
