import type { CandidateRow, MemberUpdate } from '@roster/domain'
import { type CandidateMatch, covers, matchesFilter } from './candidateMatch.ts'

/*
 * The state of the picker's boxes, and the difference that a save sends.
 *
 * An override, set by hand, decides first. Without one, a box is checked for a member and for a match of the pending
 * "select all matching". A change on the server therefore moves every box without an override. The server counts
 * matches that no page has loaded.
 */

/** A box that was changed by hand, with the last known row of its user. */
interface Override {
  row: CandidateRow
  checked: boolean
}

/** "Select all matching" over more users than are loaded; `count` is the number of matches that are not members. */
export interface PendingMatching {
  filter: CandidateMatch
  count: number
}

/** Immutable: each step returns a new selection, so keeping the previous one allows Undo. */
export interface MemberSelection {
  overrides: ReadonlyMap<string, Override>
  matching: PendingMatching | null
}

export const EMPTY_SELECTION: MemberSelection = { overrides: new Map(), matching: null }

function isCheckedByDefault({ matching }: MemberSelection, row: CandidateRow): boolean {
  return row.member || (matching !== null && matchesFilter(row, matching.filter))
}

/** Whether a user's box is checked. */
export function isChecked(selection: MemberSelection, row: CandidateRow): boolean {
  return selection.overrides.get(row.id)?.checked ?? isCheckedByDefault(selection, row)
}

/** Checks or clears boxes by hand. A box that returns to its default loses its override. */
export function setChecked(
  selection: MemberSelection,
  rows: readonly CandidateRow[],
  checked: boolean,
): MemberSelection {
  const overrides = new Map(selection.overrides)
  for (const row of rows) {
    if (isCheckedByDefault(selection, row) === checked) overrides.delete(row.id)
    else overrides.set(row.id, { row, checked })
  }
  return { ...selection, overrides }
}

/** The users that "select all" covers. */
export type MembershipFilter = 'all' | 'members' | 'nonMembers'

/** Removes the overrides that cleared a matching box, so that "select all" checks it again. */
export function resetCleared(
  selection: MemberSelection,
  filter: CandidateMatch,
  membership: MembershipFilter,
): MemberSelection {
  const matches = (row: CandidateRow) =>
    (membership === 'all' || row.member === (membership === 'members')) && matchesFilter(row, filter)
  const kept = [...selection.overrides].filter(([, { row, checked }]) => checked || !matches(row))
  return { ...selection, overrides: new Map(kept) }
}

/**
 * Checks every match, loaded or not, and clears no box. One filter can be pending at a time: see `canSelectMatching`.
 */
export function selectMatching(selection: MemberSelection, filter: CandidateMatch, count: number): MemberSelection {
  const matching =
    selection.matching && covers(selection.matching.filter, filter) ? selection.matching : { filter, count }
  const next: MemberSelection = { overrides: selection.overrides, matching }
  return {
    overrides: new Map(
      [...selection.overrides].filter(([, { row, checked }]) => !checked || !isCheckedByDefault(next, row)),
    ),
    matching,
  }
}

/**
 * Whether a filter can become the pending one without dropping a user: none is pending, or one of both covers the
 * other.
 */
export function canSelectMatching({ matching }: MemberSelection, filter: CandidateMatch): boolean {
  return matching === null || covers(filter, matching.filter) || covers(matching.filter, filter)
}

/** The fields of an override's row that follow the server. */
const SYNCED_FIELDS = [
  'member',
  'username',
  'displayName',
  'role',
  'status',
] as const satisfies readonly (keyof CandidateRow)[]

/** Updates the rows of overrides from the server; their checked state stays. */
export function syncRows(selection: MemberSelection, rows: readonly CandidateRow[]): MemberSelection {
  const changed = rows.filter((row) => {
    const known = selection.overrides.get(row.id)?.row
    return known !== undefined && SYNCED_FIELDS.some((field) => known[field] !== row[field])
  })
  if (changed.length === 0) return selection
  const overrides = new Map(selection.overrides)
  for (const row of changed) overrides.set(row.id, { row, checked: overrides.get(row.id)?.checked ?? false })
  return { ...selection, overrides }
}

/** Updates the number of users that the pending filter adds. */
export function setMatchingCount(selection: MemberSelection, count: number): MemberSelection {
  return selection.matching === null || selection.matching.count === count
    ? selection
    : { ...selection, matching: { ...selection.matching, count } }
}

/** Removes the overrides of these users. */
export function removeOverrides(selection: MemberSelection, userIds: readonly string[]): MemberSelection {
  const overrides = new Map(selection.overrides)
  for (const userId of userIds) overrides.delete(userId)
  return { ...selection, overrides }
}

/** The users with an override that differs from their membership. */
export function overrideChanges(selection: MemberSelection): { added: CandidateRow[]; removed: CandidateRow[] } {
  const all = [...selection.overrides.values()]
  return {
    added: all.filter(({ row, checked }) => checked && !row.member).map(({ row }) => row),
    removed: all.filter(({ row, checked }) => !checked && row.member).map(({ row }) => row),
  }
}

/** The non-members that the pending filter matches but that were cleared by hand. */
function exceptions({ overrides, matching }: MemberSelection): CandidateRow[] {
  if (matching === null) return []
  return [...overrides.values()]
    .filter(({ row, checked }) => !checked && !row.member && matchesFilter(row, matching.filter))
    .map(({ row }) => row)
}

/** The number of users that a save would add and remove. */
export function countChanges(selection: MemberSelection): { added: number; removed: number } {
  const { added, removed } = overrideChanges(selection)
  const { matching } = selection
  const byHand = matching ? added.filter((row) => !matchesFilter(row, matching.filter)).length : added.length
  return {
    added: byHand + (matching ? Math.max(0, matching.count - exceptions(selection).length) : 0),
    removed: removed.length,
  }
}

/** The input of the one call that saves the selection. */
export function toMemberUpdate(workspaceId: string, selection: MemberSelection): MemberUpdate {
  const { added, removed } = overrideChanges(selection)
  const difference = { workspaceId, add: added.map(({ id }) => id), remove: removed.map(({ id }) => id) }
  if (selection.matching === null) return difference
  const { filter, count } = selection.matching
  // A match that is already a member is never added; excluding members keeps the count within the range that the server
  // counts exactly.
  return {
    ...difference,
    addMatching: {
      filter: { ...filter, member: false },
      except: exceptions(selection).map(({ id }) => id),
      expectedCount: count,
    },
  }
}
