import { encodeCursor, type PageQuery, toPageQuery, toQuery, userListStatement } from '@roster/db'
import type { Paged, UserFilter, UserRow } from '@roster/domain'
import type { Bench } from './bench.ts'
import { callTimes, latencyRows, TAIL_CALLS } from './latency.ts'
import { type LoadRequest, requestsPerSecond } from './load.ts'
import { median } from './quantile.ts'
import { rateOf, rateRows } from './rate.ts'
import { PER_SECOND, type Row, withinRow } from './report.ts'
import { SEARCH_TERM } from './seed.ts'
import { type Comparison, summarize, takeTurns, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

const PAIRS = 5
const TAIL_PAIRS = 8
const POSITIONS = ['first', 'middle', 'last'] as const
type Position = (typeof POSITIONS)[number]
interface PageInput {
  size: 50
  after?: string
  last?: true
}
const FIRST_PAGE: PageInput = { size: 50 }
const LAST_PAGE: PageInput = { size: 50, last: true }

/**
 * user.list, 50 rows with their workspaces: first, middle and last page, with and without a search. Against the same
 * SQL in a bare route and against the baseline; and the last page against the first.
 */
export async function userList(bench: Bench): Promise<Row[]> {
  const rows: Row[] = []
  for (const search of [undefined, SEARCH_TERM]) {
    const filter: UserFilter = search === undefined ? {} : { search }
    for (const position of POSITIONS) rows.push(...(await pageRows(bench, filter, position)))
  }
  const times = await takeVersionTurns(
    bench,
    (version) => () => callTimes(requestOf(version, {}, FIRST_PAGE), TAIL_CALLS / TAIL_PAIRS),
    TAIL_PAIRS,
  )
  return [...rows, ...latencyRows('user.list, first page, one at a time', times), await lastAgainstFirst(bench)]
}

async function pageRows(bench: Bench, filter: UserFilter, position: Position): Promise<Row[]> {
  const { now, bare } = bench
  const page = await pageAt(now, filter, position)
  const statement = statementOf(filter, toPageQuery(page))
  const bareRequest: LoadRequest = {
    url: bare.serve(`${position}-${filter.search ?? 'all'}`, statement),
    headers: now.roster.headers,
  }
  const rosterRequest = requestOf(now, filter, page)
  await requireSameRows(rosterRequest, bareRequest)
  const within = await compareRates(rosterRequest, bareRequest)
  const rates = await takeVersionTurns(
    bench,
    async (version) => {
      const request = requestOf(version, filter, await pageAt(version, filter, position))
      return () => rateOf(version, request)
    },
    PAIRS,
  )
  const search = filter.search === undefined ? '' : `, search “${filter.search}”`
  const what = `user.list with workspaces, ${position} page${search}`
  return [
    ...rateRows(what, rates),
    withinRow({ what, reference: 'bare Fastify route, same SQL', comparison: within, unit: PER_SECOND }, 0.7),
  ]
}

async function compareRates(a: LoadRequest, b: LoadRequest): Promise<Comparison> {
  return summarize(
    await takeTurns(
      () => requestsPerSecond(a),
      () => requestsPerSecond(b),
      PAIRS,
    ),
    median,
  )
}

async function lastAgainstFirst({ now }: Bench): Promise<Row> {
  const comparison = await compareRates(requestOf(now, {}, LAST_PAGE), requestOf(now, {}, FIRST_PAGE))
  const what = 'user.list, rate of the last page'
  return withinRow({ what, reference: 'first page', comparison, unit: PER_SECOND }, 0.83)
}

function requestOf({ roster }: Version, filter: UserFilter, page: PageInput): LoadRequest {
  return { url: roster.query('user.list', { filter, page }), headers: roster.headers }
}

function statementOf(filter: UserFilter, pageQuery: PageQuery) {
  const visibility = { user: { kind: 'instance' }, workspace: { kind: 'instance' } } as const
  return toQuery(userListStatement(visibility, filter, 'username', false, pageQuery), filter.search === undefined)
}

/** The middle page begins after half of the matching rows. */
async function pageAt({ seeded, pool }: Version, filter: UserFilter, position: Position): Promise<PageInput> {
  if (position === 'first') return FIRST_PAGE
  if (position === 'last') return LAST_PAGE
  const { rows } = await pool.query<{ username: string; id: string }>(
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
