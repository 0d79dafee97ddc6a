import type { CandidateFilter, CandidateRow, Candidates, Count, MemberRow, Paged, Scope } from '@roster/domain'
import { COUNT_MAX } from '@roster/domain'
import type pg from 'pg'
import { countUpTo } from './count.ts'
import { Prisma } from './generated/client.ts'
import { candidateCondition, isMemberOf, MEMBER_NOW, type WorkspaceOf } from './member.ts'
import { type Reading, toPaged } from './page.ts'
import { userScope } from './scope.ts'
import { named } from './userList.ts'

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

function members(workspace: WorkspaceOf, filter: MemberFilter): Prisma.Sql {
  return Prisma.sql`FROM "user" u JOIN "member" m ON m."userId" = u."id" AND m."workspaceId" = ${workspace.id}::uuid AND ${MEMBER_NOW}
    LEFT JOIN "user" a ON a."id" = m."addedById" WHERE ${candidateCondition(workspace, filter)}`
}

// Usernames are unique in the instance, so they are a key by themselves.
function byUsername({ size, backward, from }: Reading): Prisma.Sql {
  const beyond = from ? Prisma.sql`AND u."username" ${backward ? Prisma.sql`<` : Prisma.sql`>`} ${from.value}` : Prisma.empty
  return Prisma.sql`${beyond} ORDER BY u."username" ${backward ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${size + 1}`
}

/** One page of a workspace's members, by username. Who added them is named where they lie within `seen`: how far the reader sees people. */
export async function listMembers(pool: pg.Pool, expected: Scope, workspace: WorkspaceOf, filter: MemberFilter, how: Reading): Promise<Paged<MemberRow>> {
  const statement = Prisma.sql`SELECT m."userId", u."username", u."displayName", u."role", u."status", m."addedAt", CASE WHEN ${userScope(expected, Prisma.sql`a`)} THEN a."username" END AS "addedBy", m."expiresAt"
    ${members(workspace, filter)} ${byUsername(how)}`
  const { rows } = await pool.query<ListedMember>(named(statement, filter.search === undefined))
  return toPaged(rows, how, (row) => ({ value: row.username, id: row.userId }), toMemberRow)
}

function toMemberRow({ addedAt, expiresAt, ...row }: ListedMember): MemberRow {
  return { ...row, addedAt: addedAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null }
}

/** How many members match: exact to 10,000. */
export function countMembers(pool: pg.Pool, workspace: WorkspaceOf, filter: MemberFilter): Promise<Count> {
  return countUpTo(pool, members(workspace, filter), filter.search === undefined)
}

/** Who may be put into a workspace: everybody of its organization, by username. `ids`: only those among them. */
export async function listCandidates(
  pool: pg.Pool,
  workspace: WorkspaceOf,
  filter: CandidateFilter,
  ids: readonly string[] | undefined,
  how: Reading,
): Promise<Candidates> {
  const member = isMemberOf(workspace.id)
  const among = ids ? Prisma.sql`AND u."id" = ANY(${ids}::uuid[])` : Prisma.empty
  const from = Prisma.sql`FROM "user" u WHERE ${candidateCondition(workspace, filter)} ${among}`
  const rows = Prisma.sql`SELECT u."id", u."username", u."displayName", u."role", u."status", ${member} AS "member" ${from} ${byUsername(how)}`
  const counts = Prisma.sql`SELECT count(*)::int AS "count", count(*) FILTER (WHERE NOT c."member")::int AS "notMember"
    FROM (SELECT ${member} AS "member" ${from} LIMIT ${COUNT_MAX + 1}) c`
  const prepare = filter.search === undefined && ids === undefined
  const [listed, counted] = await Promise.all([
    pool.query<CandidateRow>(named(rows, prepare)),
    pool.query<{ count: number; notMember: number }>(named(counts, prepare)),
  ])
  const { count, notMember } = counted.rows[0] ?? { count: 0, notMember: 0 }
  return {
    ...toPaged(
      listed.rows,
      how,
      (row) => ({ value: row.username, id: row.id }),
      (row) => row,
    ),
    matching: { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX },
    matchingNotMember: Math.min(notMember, COUNT_MAX),
  }
}
