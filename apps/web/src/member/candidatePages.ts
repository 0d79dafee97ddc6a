import type { CandidateFilter, CandidateRow } from '@roster/domain'

/** People to be read from the server by a filter; of those only the ones to be kept. */
export interface CandidateSource {
  filter: CandidateFilter
  keep?: (row: CandidateRow) => boolean
}

/** What a list of people shows: some that are known already, then one source after the other. */
export interface CandidateView {
  known: readonly CandidateRow[]
  sources: readonly CandidateSource[]
}

/** A page that was read: by which key, and the key of the next one. Stale ones are read again when they are seen. */
export interface CandidatePage {
  source: number
  after: string | null
  next: string | null
  rows: readonly CandidateRow[]
  stale: boolean
}

/** Where to go on reading; null when everything is there. */
export function nextOf(view: CandidateView, pages: readonly CandidatePage[]): Pick<CandidatePage, 'source' | 'after'> | null {
  const last = pages.at(-1)
  if (!last) return view.sources.length > 0 ? { source: 0, after: null } : null
  if (last.next !== null) return { source: last.source, after: last.next }
  return last.source + 1 < view.sources.length ? { source: last.source + 1, after: null } : null
}

/** A page read anew at its old place. People who were pushed off its end by a newcomer stay, since the next page begins after them. */
export function renewed(old: CandidatePage, rows: readonly CandidateRow[], next: string | null): CandidatePage {
  const last = rows.at(-1)
  const pushedOff = next === null || last === undefined ? [] : old.rows.filter(({ username }) => username > last.username)
  return { ...old, rows: [...rows, ...pushedOff], next: next === null ? null : (old.next ?? next), stale: false }
}

/** The rows of a list, nobody twice, and where each page's rows begin. Known people are shown as the newest page tells of them. */
export function flatten(view: CandidateView, pages: readonly CandidatePage[]): { rows: CandidateRow[]; starts: number[] } {
  const seen = new Map<string, CandidateRow>()
  for (const row of view.known) seen.set(row.id, row)
  const starts: number[] = []
  for (const { source, rows } of pages) {
    starts.push(seen.size)
    const keep = view.sources[source]?.keep
    for (const row of rows) if (!seen.has(row.id) && (keep?.(row) ?? true)) seen.set(row.id, row)
  }
  return { rows: [...seen.values()], starts }
}
