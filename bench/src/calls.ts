import { decodeCursor, type Reading } from '@roster/db'
import type { Paged, UserFilter, UserRow } from '@roster/domain'
import type { RosterCaller } from './client.ts'
import { requestsPerSecond, sideBySide } from './load.ts'
import type { Row } from './report.ts'

const perSecond = (n: number) => `${Math.round(n).toLocaleString('en')}/s`

/** session.me against the same named statement in a bare tRPC procedure. */
export async function meRatio(roster: RosterCaller, bare: string): Promise<Row> {
  const { a, b, ratio } = await sideBySide(
    () => requestsPerSecond(roster.query('session.me'), roster.headers),
    () => requestsPerSecond(`${bare}/trpc/me`, {}),
  )
  return {
    what: 'session.me',
    measured: perSecond(a),
    against: `bare tRPC, same statement: ${perSecond(b)}`,
    ratio,
    bound: 'at least 0.75',
    met: ratio >= 0.75,
  }
}

/** user.list, 50 rows with their workspaces: first, middle and last page, with and without search, against the same SQL in a bare route. */
export async function listRatios(roster: RosterCaller, bare: string): Promise<Row[]> {
  const rows: Row[] = []
  let first = Number.NaN
  for (const search of [undefined, 'fischer'] as const) {
    const filter: UserFilter = search === undefined ? {} : { search }
    for (const where of ['first', 'middle', 'last'] as const) {
      const page = await pageAt(roster, filter, where)
      const url = `${bare}/list?q=${encodeURIComponent(JSON.stringify({ filter, how: page.how }))}`
      const { a, b, ratio } = await sideBySide(
        () => requestsPerSecond(roster.query('user.list', { filter, page: page.input }), roster.headers),
        () => requestsPerSecond(url, {}),
      )
      if (search === undefined && where === 'first') first = a
      rows.push({
        what: `user.list, ${where} page${search ? ', search' : ''}`,
        measured: perSecond(a),
        against: `same SQL, bare route: ${perSecond(b)}`,
        ratio,
        bound: 'at least 0.7',
        met: ratio >= 0.7,
      })
      if (search === undefined && where === 'last')
        rows.push({
          what: 'user.list, last page against first',
          measured: perSecond(a),
          against: perSecond(first),
          ratio: first / a,
          bound: 'at most 1.2',
          met: first / a <= 1.2,
        })
    }
  }
  return rows
}

interface PageAt {
  input: { size: 50; after?: string; last?: true }
  how: Reading
}

async function pageAt(roster: RosterCaller, filter: UserFilter, where: 'first' | 'middle' | 'last'): Promise<PageAt> {
  if (where === 'first') return { input: { size: 50 }, how: { size: 50, backward: false, from: undefined } }
  if (where === 'last') return { input: { size: 50, last: true }, how: { size: 50, backward: true, from: undefined } }
  // Forty pages in: a key leads there as to any other place.
  let after: string | undefined
  for (let step = 0; step < 40; step++) {
    const page: Paged<UserRow> = await roster.read('user.list', { filter, page: { size: 50, ...(after ? { after } : {}) } })
    if (page.after === null) break
    after = page.after
  }
  if (after === undefined) throw new Error('there is no page in the middle')
  return { input: { size: 50, after }, how: { size: 50, backward: false, from: decodeCursor(after, 'after') } }
}
