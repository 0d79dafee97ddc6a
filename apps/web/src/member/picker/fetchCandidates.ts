import type { CandidateFilter, CandidateRow } from '@roster/domain'
import { api } from '../../lib/api.ts'

/** The number of ids that fit into the address of one request. */
const IDS_PER_REQUEST = 50

/** The current rows of these users; deleted users are left out. */
export async function fetchCandidates(
  workspaceId: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<CandidateRow[]> {
  const rows: CandidateRow[] = []
  for (let start = 0; start < ids.length; start += IDS_PER_REQUEST) {
    const batch = ids.slice(start, start + IDS_PER_REQUEST)
    const answer = await api.member.candidates.query(
      { workspaceId, ids: batch, page: { size: 50 } },
      signal ? { signal } : {},
    )
    rows.push(...answer.rows)
  }
  return rows
}

/** All users that match, page by page; `progress` receives the number loaded so far. */
export async function fetchAllMatching(
  workspaceId: string,
  filter: CandidateFilter,
  signal: AbortSignal,
  progress: (count: number) => void,
): Promise<CandidateRow[]> {
  const rows: CandidateRow[] = []
  let after: string | null = null
  do {
    const answer: { rows: CandidateRow[]; after: string | null } = await api.member.candidates.query(
      { workspaceId, filter, page: { size: 50, ...(after === null ? {} : { after }) } },
      { signal },
    )
    rows.push(...answer.rows)
    progress(rows.length)
    after = answer.after
  } while (after !== null)
  return rows
}
