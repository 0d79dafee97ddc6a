import { encodeCursor, named, type Reading, reading, userListStatement } from '@roster/db'
import type { Paged, UserFilter, UserRow } from '@roster/domain'
import type { Bench } from './bench.ts'
import { type Asked, compare } from './load.ts'
import { comparedRow, perSecond, type Row } from './report.ts'
import { SEARCHED } from './seed.ts'

const PLACES = ['first', 'middle', 'last'] as const
type Place = (typeof PLACES)[number]
interface PageInput {
  size: 50
  after?: string
  last?: true
}

/**
 * user.list, 50 rows with their workspaces: first, middle and last page, of all and of a search, against the same SQL in a bare route; and the last
 * page against the first.
 */
export async function userList(bench: Bench): Promise<Row[]> {
  const { roster, bare } = bench
  const rows: Row[] = []
  const asked = new Map<Place, Asked>()
  for (const search of [undefined, SEARCHED]) {
    const filter: UserFilter = search === undefined ? {} : { search }
    for (const place of PLACES) {
      const page = await pageAt(bench, filter, place)
      const how: Reading = reading(page)
      const statement = named(
        userListStatement({ user: { kind: 'instance' }, workspace: { kind: 'instance' } }, filter, 'username', false, how),
        search === undefined,
      )
      const ours: Asked = { url: roster.query('user.list', { filter, page }), headers: roster.headers }
      const theirs: Asked = { url: bare.serve(`${place}-${search ?? 'all'}`, statement), headers: roster.headers }
      await sameRows(ours, theirs)
      if (search === undefined) asked.set(place, ours)
      const what = `user.list with workspaces, ${place} page${search === undefined ? '' : `, search “${search}”`}`
      rows.push(comparedRow(what, 'bare Fastify route, same SQL', await compare(ours, theirs), 0.7))
    }
  }
  return [...rows, await lastAgainstFirst(asked.get('first'), asked.get('last'))]
}

async function lastAgainstFirst(first: Asked | undefined, last: Asked | undefined): Promise<Row> {
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

/** The middle is where it says: behind half of all that match. */
async function pageAt({ seeded, services }: Bench, filter: UserFilter, place: Place): Promise<PageInput> {
  if (place === 'first') return { size: 50 }
  if (place === 'last') return { size: 50, last: true }
  const { rows } = await services.db.pool.query<{ username: string; id: string }>(
    `SELECT "username", "id" FROM (SELECT "username", "id", row_number() OVER (ORDER BY "username") AS "n", count(*) OVER () AS "all" FROM "user"
       WHERE "organizationId" = $1 AND "searchKey" LIKE '%' || $2 || '%') x WHERE "n" = "all" / 2`,
    [seeded.organizationId, filter.search ?? ''],
  )
  const [row] = rows
  if (!row) throw new Error('there is no middle')
  return { size: 50, after: encodeCursor({ value: row.username, id: row.id }) }
}

/** Both sides have to give the very same rows, or nothing is compared. */
async function sameRows(ours: Asked, theirs: Asked): Promise<void> {
  const ask = async ({ url, headers }: Asked): Promise<unknown> => (await fetch(url, { headers })).json()
  const { result } = (await ask(ours)) as { result: { data: Paged<UserRow> } }
  const { rows } = (await ask(theirs)) as { rows: UserRow[] }
  const turned = rows[0]?.id === result.data.rows.at(-1)?.id ? rows.reverse() : rows
  const [a, b] = [JSON.stringify(result.data.rows), JSON.stringify(turned)]
  if (a !== b) throw new Error(`the two sides answer differently: ${a.slice(0, 300)} … ${b.slice(0, 300)}`)
  if (turned.length !== 50) throw new Error(`the page has ${turned.length} rows instead of 50`)
}
