import type { CandidateRow } from '@roster/domain'
import { type CandidateMatch, covers, matchesFilter } from './candidateMatch.ts'
import type { CandidateSource, CandidateView } from './candidatePages.ts'
import { chosenChanges, isChecked, type MemberSelection } from './memberSelection.ts'

/** Whom the picker shows: everybody, those whose boxes are ticked, members, the others, or those whom a save would add or remove. */
export const PICKER_SHOWS = ['all', 'selected', 'members', 'others'] as const
export type PickerShow = (typeof PICKER_SHOWS)[number] | 'changes'

function byUsername(a: CandidateRow, b: CandidateRow): number {
  return a.username < b.username ? -1 : 1
}

// Whom the pending "select all matching" adds. The server takes one text, so it gets the narrower filter, and the other one is asked here.
function pendingSource(selection: MemberSelection, filter: CandidateMatch): CandidateSource[] {
  const pending = selection.matching?.filter
  if (!pending) return []
  const narrower = covers(filter, pending) ? pending : filter
  const keep = (row: CandidateRow) => matchesFilter(row, pending) && matchesFilter(row, filter) && isChecked(selection, row)
  return [{ filter: { ...narrower, member: false }, keep }]
}

/**
 * What to list for a filter. What "selected" and "changes" hold is decided when the list is made: a box that is cleared afterwards
 * doesn't vanish under the pointer.
 */
export function pickerView(show: PickerShow, filter: CandidateMatch, selection: MemberSelection): CandidateView {
  const matching = (rows: CandidateRow[]) => rows.filter((row) => matchesFilter(row, filter)).sort(byUsername)
  switch (show) {
    case 'all':
      return { known: [], sources: [{ filter }] }
    case 'members':
      return { known: [], sources: [{ filter: { ...filter, member: true } }] }
    case 'others':
      return { known: [], sources: [{ filter: { ...filter, member: false } }] }
    case 'selected':
      return {
        known: matching(chosenChanges(selection).added),
        sources: [...pendingSource(selection, filter), { filter: { ...filter, member: true }, keep: (row) => isChecked(selection, row) }],
      }
    case 'changes': {
      const { added, removed } = chosenChanges(selection)
      return { known: matching([...added, ...removed]), sources: pendingSource(selection, filter) }
    }
  }
}
