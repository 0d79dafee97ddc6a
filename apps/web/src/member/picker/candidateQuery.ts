import type { CandidateRow } from '@roster/domain'
import { type CandidateMatch, covers, matchesFilter } from './candidateMatch.ts'
import type { CandidateQuery, CandidateSource } from './candidatePages.ts'
import { isChecked, type MemberSelection, overrideChanges } from './memberSelection.ts'

/** The tabs of the picker: all users, those with a checked box, members, and non-members. */
export const PICKER_TABS = ['all', 'selected', 'members', 'nonMembers'] as const
/** `changes` lists the users that a save would add or remove. */
export type PickerTab = (typeof PICKER_TABS)[number] | 'changes'

function byUsername(a: CandidateRow, b: CandidateRow): number {
  return a.username < b.username ? -1 : 1
}

// The users that the pending "select all matching" adds. The server takes one search text, so it gets the narrower
// filter; the other one is applied here.
function pendingSource(selection: MemberSelection, filter: CandidateMatch): CandidateSource[] {
  const pending = selection.matching?.filter
  if (!pending) return []
  const narrower = covers(filter, pending) ? pending : filter
  const keep = (row: CandidateRow) =>
    matchesFilter(row, pending) && matchesFilter(row, filter) && isChecked(selection, row)
  return [{ filter: { ...narrower, member: false }, keep }]
}

/**
 * The query of a tab for a filter. The rows of "selected" and "changes" are fixed when the query is made:
 * a box that is cleared afterwards doesn't vanish under the pointer.
 */
export function candidateQuery(tab: PickerTab, filter: CandidateMatch, selection: MemberSelection): CandidateQuery {
  const matching = (rows: CandidateRow[]) => rows.filter((row) => matchesFilter(row, filter)).sort(byUsername)
  switch (tab) {
    case 'all':
      return { known: [], sources: [{ filter }] }
    case 'members':
      return { known: [], sources: [{ filter: { ...filter, member: true } }] }
    case 'nonMembers':
      return { known: [], sources: [{ filter: { ...filter, member: false } }] }
    case 'selected':
      return {
        known: matching(overrideChanges(selection).added),
        sources: [
          ...pendingSource(selection, filter),
          { filter: { ...filter, member: true }, keep: (row) => isChecked(selection, row) },
        ],
      }
    case 'changes': {
      const { added, removed } = overrideChanges(selection)
      return { known: matching([...added, ...removed]), sources: pendingSource(selection, filter) }
    }
  }
}
