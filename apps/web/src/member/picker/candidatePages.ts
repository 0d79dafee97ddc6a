import type { CandidateFilter, CandidateRow } from '@roster/domain'

/** A server filter to load users by; `keep` drops rows that the filter can't exclude. */
export interface CandidateSource {
  filter: CandidateFilter
  keep?: (row: CandidateRow) => boolean
}

/** The content of a candidate list: the known rows, followed by each source in turn. */
export interface CandidateQuery {
  known: readonly CandidateRow[]
  sources: readonly CandidateSource[]
}

/** A loaded page with its own key and the key of the next page. Stale pages are reloaded when they become visible. */
export interface CandidatePage {
  source: number
  after: string | null
  next: string | null
  rows: readonly CandidateRow[]
  stale: boolean
}

/** The next page to load; null when the list is complete. */
export function nextPage(
  query: CandidateQuery,
  pages: readonly CandidatePage[],
): Pick<CandidatePage, 'source' | 'after'> | null {
  const last = pages.at(-1)
  if (!last) return query.sources.length > 0 ? { source: 0, after: null } : null
  if (last.next !== null) return { source: last.source, after: last.next }
  return last.source + 1 < query.sources.length ? { source: last.source + 1, after: null } : null
}

/**
 * Replaces a page's rows. A new user can push old rows past the page's end; those stay, because the next page starts
 * after them.
 */
export function replaceRows(old: CandidatePage, rows: readonly CandidateRow[], next: string | null): CandidatePage {
  const last = rows.at(-1)
  const pushedOut =
    next === null || last === undefined ? [] : old.rows.filter(({ username }) => username > last.username)
  return { ...old, rows: [...rows, ...pushedOut], next: next === null ? null : (old.next ?? next), stale: false }
}

/** The distinct rows of a list, and the index at which each page starts. */
export function flatten(
  query: CandidateQuery,
  pages: readonly CandidatePage[],
): { rows: CandidateRow[]; starts: number[] } {
  const rowsById = new Map<string, CandidateRow>()
  for (const row of query.known) rowsById.set(row.id, row)
  const starts: number[] = []
  for (const { source, rows } of pages) {
    starts.push(rowsById.size)
    const keep = query.sources[source]?.keep
    for (const row of rows) if (!rowsById.has(row.id) && (keep?.(row) ?? true)) rowsById.set(row.id, row)
  }
  return { rows: [...rowsById.values()], starts }
}
