import type { CandidateFilter, CandidateRow } from '@roster/domain'
import { api } from '../lib/api.ts'

/** So many ids fit into one read's address. */
const IDS_A_READ = 50

/** These people as they are now; who isn't there any more is left out. */
export async function readUserRows(workspaceId: string, ids: readonly string[], signal?: AbortSignal): Promise<CandidateRow[]> {
  const rows: CandidateRow[] = []
  for (let from = 0; from < ids.length; from += IDS_A_READ) {
    const some = ids.slice(from, from + IDS_A_READ)
    const answer = await api.member.candidates.query({ workspaceId, ids: some, page: { size: 50 } }, signal ? { signal } : {})
    rows.push(...answer.rows)
  }
  return rows
}

/** Everybody who matches, page by page; `progress` is told how many are there so far. */
export async function readAllMatching(
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
