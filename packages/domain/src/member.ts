import * as z from 'zod'
import { id, ids } from './id.ts'
import type { Role } from './policy/role.ts'
import { problem } from './refusal/fieldProblem.ts'
import { selectionOf } from './selection.ts'
import { page, role, type UserStatus } from './user/user.ts'

/** The filter of the member picker: text, role, and membership. */
export const candidateFilter = z.strictObject({
  search: z.string().max(200).trim().optional(),
  role: z.array(role).max(3).optional(),
  member: z.boolean().optional(),
})
export type CandidateFilter = z.infer<typeof candidateFilter>

/**
 * A change of a workspace's members: the users to add and to remove. Of "all matching", only users who are not members
 * are added, and none that the same change removes.
 */
const difference = {
  workspaceId: id,
  add: selectionOf(candidateFilter).prefault([]),
  remove: ids.default([]),
}

/**
 * The users who can be added to a workspace: every role of its organization, with suspended users marked. `ids` limits
 * them to these users; `only`, to users who are members after the change `add` and `remove`, or users it changes.
 */
export const memberCandidates = z.strictObject({
  ...difference,
  filter: candidateFilter.default({}),
  ids: ids.optional(),
  only: z.enum(['selected', 'changed']).optional(),
  page: page.default({ size: 50 }),
})
export type MemberCandidates = z.input<typeof memberCandidates>
export const memberList = z.strictObject({
  workspaceId: id,
  filter: candidateFilter.omit({ member: true }).default({}),
  page: page.default({ size: 50 }),
})
export const memberCount = z.strictObject({
  workspaceId: id,
  filter: candidateFilter.omit({ member: true }).default({}),
})

type Difference = z.output<z.ZodObject<typeof difference>>
const addsAndRemoves = ({ add, remove }: Difference): boolean => {
  const removed = new Set(remove)
  return !add.ids.some((userId) => removed.has(userId))
}
const isWithinLimit = ({ add, remove }: Difference): boolean => add.ids.length + remove.length <= 10_000
const BOTH_LISTS = { path: ['remove'], error: problem('ADDED_AND_REMOVED') }
const TOO_MANY = { path: ['add'], error: problem('TOO_MANY', { max: 10_000 }) }

/** `member.previewUpdate`: what a save would do now. */
export const memberPreview = z
  .strictObject(difference)
  .refine(addsAndRemoves, BOTH_LISTS)
  .refine(isWithinLimit, TOO_MANY)

/** What a save would do now: how many users it adds and removes, and the token that "all matching" needs. */
export interface MemberPreview {
  added: number
  removed: number
  token: string
}

/**
 * A membership save: exactly these additions and removals, in one transaction. `token` comes from the preview of "all
 * matching"; the save is refused when the users to add have changed since.
 */
export const memberUpdate = z
  .strictObject({
    ...difference,
    token: z.string().max(200).optional(),
    /**
     * When memberships in `add` expire, so an Undo restores no more than was removed. A user with an expiry in the past
     * is not added.
     */
    ends: z
      .array(z.strictObject({ userId: id, expiresAt: z.iso.datetime({ error: problem('INVALID_TIME') }) }))
      .max(10_000, { error: problem('TOO_MANY', { max: 10_000 }) })
      .optional(),
  })
  .refine(addsAndRemoves, BOTH_LISTS)
  .refine(
    ({ add, ends = [] }) => {
      const added = new Set(add.ids)
      return ends.every(({ userId }) => added.has(userId))
    },
    { path: ['ends'], error: problem('EXPIRY_WITHOUT_MEMBER') },
  )
  .refine(isWithinLimit, TOO_MANY)
export type MemberUpdate = z.input<typeof memberUpdate>

/**
 * `member.setExpiry`: a membership expires at the end of `lastDay` in the organization's time zone; null: never.
 * `expected` is the previous expiry.
 */
export const memberSetExpiry = z.strictObject({
  workspaceId: id,
  userId: id,
  // A later instant has a year of five digits, which `expected` could not carry.
  lastDay: z.iso
    .date({ error: problem('REQUIRED_DATE') })
    .refine((day) => day < '9999', { error: problem('REQUIRED_DATE') })
    .nullable(),
  expected: z.iso.datetime({ error: problem('INVALID_TIME') }).nullable(),
})

/** When a user's membership expires. */
export interface MembershipExpiry {
  userId: string
  expiresAt: string
}

/** The result of a save. `unchanged`: the given users who were already members, or already not. */
export interface MemberUpdated {
  added: string[]
  removed: string[]
  unchanged: number
  memberCount: number
  /** When the removed memberships would have expired. */
  ends: MembershipExpiry[]
}

/** A user in the member picker. `matches`: whether the selection's filters match them, exceptions aside. */
export interface CandidateRow {
  id: string
  username: string
  displayName: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  member: boolean
  matches: boolean
}
/**
 * A page of the member picker, with the count of all matches (exact to 10,000) and of those who are not members after
 * the change.
 */
export interface Candidates {
  rows: CandidateRow[]
  before: string | null
  after: string | null
  matching: { count: number; more: boolean }
  matchingUnselected: number
}

/** A member as the workspace's members see them. Managers also see the status and `addedBy`. */
export interface MemberRow {
  userId: string
  username: string
  displayName: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  addedAt: string
  addedBy: string | null
  expiresAt: string | null
}
