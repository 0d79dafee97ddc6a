import type { CandidateRow, MemberUpdate } from '@roster/domain'
import { type CandidateMatch, covers, matchesFilter } from './candidateMatch.ts'

/*
 * What the boxes of the people picker show, and the difference that a save makes of it.
 *
 * A box is ticked when somebody ticked it by hand; else when the person is a member (the base, as the server last said) or matches the one
 * pending "select all matching". So a live change of the base moves every box that nobody touched, and none that somebody did; and people
 * whom no list has loaded are counted by the server rather than by what is in sight.
 */

/** A box that was changed by hand, with what is known of its person. */
interface Chosen {
  row: CandidateRow
  checked: boolean
}

/** "Select all matching" of more people than are loaded; `count` is how many of those who match are no members now. */
export interface PendingMatching {
  filter: CandidateMatch
  count: number
}

/** What one has in mind. Immutable: each step gives a new one, so that a step can be taken back by keeping the one before. */
export interface MemberSelection {
  chosen: ReadonlyMap<string, Chosen>
  matching: PendingMatching | null
}

export const NOTHING_SELECTED: MemberSelection = { chosen: new Map(), matching: null }

function byDefault({ matching }: MemberSelection, row: CandidateRow): boolean {
  return row.member || (matching !== null && matchesFilter(row, matching.filter))
}

/** Whether a person's box is ticked. */
export function isChecked(selection: MemberSelection, row: CandidateRow): boolean {
  return selection.chosen.get(row.id)?.checked ?? byDefault(selection, row)
}

/** Ticks these people's boxes, or clears them, by hand. What goes back to where it would be anyway is no change any more. */
export function tick(selection: MemberSelection, rows: readonly CandidateRow[], checked: boolean): MemberSelection {
  const chosen = new Map(selection.chosen)
  for (const row of rows) {
    if (byDefault(selection, row) === checked) chosen.delete(row.id)
    else chosen.set(row.id, { row, checked })
  }
  return { ...selection, chosen }
}

/** Which people "all" means: everybody, or members or the others only. */
export type Membership = 'all' | 'members' | 'others'

/** Forgets which boxes were cleared by hand among those who match: "select all" ticks them again. */
export function forgetCleared(selection: MemberSelection, filter: CandidateMatch, of: Membership): MemberSelection {
  const within = (row: CandidateRow) => (of === 'all' || row.member === (of === 'members')) && matchesFilter(row, filter)
  const kept = [...selection.chosen].filter(([, { row, checked }]) => checked || !within(row))
  return { ...selection, chosen: new Map(kept) }
}

/** Ticks everybody who matches, in sight or not, and clears nobody. Only one such filter can be pending: `canCheckMatching` says whether this one may. */
export function checkMatching(selection: MemberSelection, filter: CandidateMatch, count: number): MemberSelection {
  const matching = selection.matching && covers(selection.matching.filter, filter) ? selection.matching : { filter, count }
  const next: MemberSelection = { chosen: selection.chosen, matching }
  return { chosen: new Map([...selection.chosen].filter(([, { row, checked }]) => !checked || !byDefault(next, row))), matching }
}

/** Whether a filter can become the pending one without anybody being dropped: there is none, or one of both surely finds whom the other finds. */
export function canCheckMatching({ matching }: MemberSelection, filter: CandidateMatch): boolean {
  return matching === null || covers(filter, matching.filter) || covers(matching.filter, filter)
}

/** What is told of a person, and may be told anew. */
const TOLD = ['member', 'username', 'displayName', 'role', 'status'] as const satisfies readonly (keyof CandidateRow)[]

/** Takes over what the server says of people now: the base under boxes that were changed by hand. */
export function learn(selection: MemberSelection, rows: readonly CandidateRow[]): MemberSelection {
  const news = rows.filter((row) => {
    const known = selection.chosen.get(row.id)?.row
    return known !== undefined && TOLD.some((field) => known[field] !== row[field])
  })
  if (news.length === 0) return selection
  const chosen = new Map(selection.chosen)
  for (const row of news) chosen.set(row.id, { row, checked: chosen.get(row.id)?.checked ?? false })
  return { ...selection, chosen }
}

/** Takes over how many more the pending filter adds now. */
export function recount(selection: MemberSelection, count: number): MemberSelection {
  return selection.matching === null || selection.matching.count === count ? selection : { ...selection, matching: { ...selection.matching, count } }
}

/** Forgets people who are gone. */
export function drop(selection: MemberSelection, userIds: readonly string[]): MemberSelection {
  const chosen = new Map(selection.chosen)
  for (const userId of userIds) chosen.delete(userId)
  return { ...selection, chosen }
}

/** The people whose boxes were changed by hand and now differ from their membership. */
export function chosenChanges(selection: MemberSelection): { added: CandidateRow[]; removed: CandidateRow[] } {
  const all = [...selection.chosen.values()]
  return {
    added: all.filter(({ row, checked }) => checked && !row.member).map(({ row }) => row),
    removed: all.filter(({ row, checked }) => !checked && row.member).map(({ row }) => row),
  }
}

/** Those whom the pending filter would add, but whose boxes were cleared by hand. */
function exceptions({ chosen, matching }: MemberSelection): CandidateRow[] {
  if (matching === null) return []
  return [...chosen.values()].filter(({ row, checked }) => !checked && !row.member && matchesFilter(row, matching.filter)).map(({ row }) => row)
}

/** How many a save would add and remove. */
export function countChanges(selection: MemberSelection): { added: number; removed: number } {
  const { added, removed } = chosenChanges(selection)
  const { matching } = selection
  const byHand = matching ? added.filter((row) => !matchesFilter(row, matching.filter)).length : added.length
  return { added: byHand + (matching ? Math.max(0, matching.count - exceptions(selection).length) : 0), removed: removed.length }
}

/** The save itself: exactly what the boxes show, as one call. */
export function toChange(workspaceId: string, selection: MemberSelection): MemberUpdate {
  const { added, removed } = chosenChanges(selection)
  const difference = { workspaceId, add: added.map(({ id }) => id), remove: removed.map(({ id }) => id) }
  if (selection.matching === null) return difference
  const { filter, count } = selection.matching
  // Members match no more than others do; leaving them out keeps the count within what can be counted exactly.
  return { ...difference, addMatching: { filter: { ...filter, member: false }, except: exceptions(selection).map(({ id }) => id), expectedCount: count } }
}
