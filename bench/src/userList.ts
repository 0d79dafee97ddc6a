import { encodeCursor, type PageQuery, toPageQuery, toQuery, userListStatement } from '@roster/db'
import type { Paged, UserFilter, UserRow } from '@roster/domain'
import type { Bench } from './bench.ts'
import { compare, type LoadRequest } from './load.ts'
import { comparedRow, perSecond, type Row } from './report.ts'
import { SEARCH_TERM } from './seed.ts'

const POSITIONS = ['first', 'middle', 'last'] as const
type Position = (typeof POSITIONS)[number]
interface PageInput {
  size: 50
  after?: string
  last?: true
}

/**
 * Compares user.list (50 rows with their workspaces; first, middle and last page; with and without a search) with the
 * same SQL in a bare route, and the last page with the first.
 */
export async function userList(bench: Bench): Promise<Row[]> {
  const { roster, bare } = bench
  const rows: Row[] = []
  const measured = new Map<Position, LoadRequest>()
  for (const search of [undefined, SEARCH_TERM]) {
    const filter: UserFilter = search === undefined ? {} : { search }
    for (const position of POSITIONS) {
      const page = await pageAt(bench, filter, position)
      const pageQuery: PageQuery = toPageQuery(page)
      const statement = toQuery(
        userListStatement(
          { user: { kind: 'instance' }, workspace: { kind: 'instance' } },
          filter,
          'username',
          false,
          pageQuery,
        ),
        search === undefined,
      )
      const rosterRequest: LoadRequest = { url: roster.query('user.list', { filter, page }), headers: roster.headers }
      const bareRequest: LoadRequest = {
        url: bare.serve(`${position}-${search ?? 'all'}`, statement),
        headers: roster.headers,
      }
      await requireSameRows(rosterRequest, bareRequest)
      if (search === undefined) measured.set(position, rosterRequest)
      const what = `user.list with workspaces, ${position} page${search === undefined ? '' : `, search “${search}”`}`
      rows.push(comparedRow(what, 'bare Fastify route, same SQL', await compare(rosterRequest, bareRequest), 0.7))
    }
  }
  return [...rows, await lastAgainstFirst(measured.get('first'), measured.get('last'))]
}

async function lastAgainstFirst(first: LoadRequest | undefined, last: LoadRequest | undefined): Promise<Row> {
  if (!first || !last) throw new Error('the first or the last page was not measured')
  const { a, b, ratio, quartiles } = await compare(first, last)
  return {
    what: 'user.list, time of the last page over that of the first',
    measured: perSecond(b),
    against: `first page: ${perSecond(a)}`,
    ratio: `${ratio.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join(' to ')})`,
    bound: 'at most 1.2',
    met: ratio <= 1.2,
  }
}

/** The middle page begins after half of the matching rows. */
async function pageAt({ seeded, services }: Bench, filter: UserFilter, position: Position): Promise<PageInput> {
  if (position === 'first') return { size: 50 }
  if (position === 'last') return { size: 50, last: true }
  const { rows } = await services.db.pool.query<{ username: string; id: string }>(
    `SELECT "username", "id" FROM (SELECT "username", "id", row_number() OVER (ORDER BY "username") AS "n", count(*) OVER () AS "all" FROM "user"
       WHERE "organizationId" = $1 AND "searchKey" LIKE '%' || $2 || '%') x WHERE "n" = "all" / 2`,
    [seeded.organizationId, filter.search ?? ''],
  )
  const [row] = rows
  if (!row) throw new Error('no row is in the middle')
  return { size: 50, after: encodeCursor({ value: row.username, id: row.id }) }
}

/** @throws unless both sides return the same 50 rows */
async function requireSameRows(rosterRequest: LoadRequest, bareRequest: LoadRequest): Promise<void> {
  const load = async ({ url, headers }: LoadRequest): Promise<unknown> => (await fetch(url, { headers })).json()
  const { result } = (await load(rosterRequest)) as { result: { data: Paged<UserRow> } }
  const { rows } = (await load(bareRequest)) as { rows: UserRow[] }
  const inOrder = rows[0]?.id === result.data.rows.at(-1)?.id ? rows.reverse() : rows
  const [a, b] = [JSON.stringify(result.data.rows), JSON.stringify(inOrder)]
  if (a !== b) throw new Error(`the rows differ: ${a.slice(0, 300)} … ${b.slice(0, 300)}`)
  if (inOrder.length !== 50) throw new Error(`the page has ${inOrder.length} rows instead of 50`)
}
