import {
  type CandidateFilter,
  type CandidateRow,
  type MemberUpdate,
  type Selection,
  toSelectionInput,
} from '@roster/domain'

/**
 * The boxes that differ from the members: users checked by hand, filters of "select all matching", and users cleared by
 * hand, who are removed if they are members.
 */
export type MemberSelection = Selection<CandidateFilter, CandidateRow>

/** How many users a save adds and removes. */
export interface ChangeCount {
  added: number
  removed: number
}

/** The change that a save makes. */
export function toChange(selection: MemberSelection): Required<Pick<MemberUpdate, 'add' | 'remove'>> {
  const users = new Map([...selection.users].filter(([, { member }]) => !member))
  return {
    add: toSelectionInput({ ...selection, users }),
    remove: [...selection.except.values()].filter(({ member }) => member).map(({ id }) => id),
  }
}

/** The share of the boxes changed by hand. An exception from "all matching" lowers `added`. */
export function countByHand({ users, matching, except }: MemberSelection): ChangeCount {
  const added = [...users.values()].filter(({ member }) => !member).length
  const removed = [...except.values()].filter(({ member }) => member).length
  return { added: matching.length === 0 ? added : added - (except.size - removed), removed }
}
