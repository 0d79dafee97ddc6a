import * as z from 'zod'
import { id, ids } from './id.ts'
import type { Role } from './policy/role.ts'
import { problem } from './refusal/fieldProblem.ts'
import { page, role, type UserStatus } from './user/user.ts'

/** The filter of the member picker: text, role, and membership. */
export const candidateFilter = z.strictObject({
  search: z.string().max(200).trim().optional(),
  role: z.array(role).max(3).optional(),
  member: z.boolean().optional(),
})
export type CandidateFilter = z.infer<typeof candidateFilter>

/**
 * The users who can be added to a workspace: every role of its organization, with suspended users marked. `ids` limits
 * them to the selected users.
 */
export const memberCandidates = z.strictObject({
  workspaceId: id,
  filter: candidateFilter.default({}),
  ids: ids.optional(),
  page: page.default({ size: 50 }),
})
export const memberList = z.strictObject({
  workspaceId: id,
  filter: candidateFilter.omit({ member: true }).default({}),
  page: page.default({ size: 50 }),
})
export const memberCount = z.strictObject({
  workspaceId: id,
  filter: candidateFilter.omit({ member: true }).default({}),
})

/**
 * A membership save: exactly these additions and removals, in one transaction. `addMatching` adds all users who match a
 * filter, except `except`. `expectedCount` is the picker's count of matches; the save is refused when the present count
 * differs.
 */
export const memberUpdate = z
  .strictObject({
    workspaceId: id,
    add: ids.default([]),
    remove: ids.default([]),
    addMatching: z
      .strictObject({ filter: candidateFilter, except: ids.default([]), expectedCount: z.int().min(0) })
      .optional(),
    /**
     * When memberships in `add` expire, so an Undo restores no more than was removed. A user with an expiry in the past
     * is not added.
     */
    ends: z
      .array(z.strictObject({ userId: id, expiresAt: z.iso.datetime({ error: problem('INVALID_TIME') }) }))
      .max(10_000, { error: problem('TOO_MANY', { max: 10_000 }) })
      .optional(),
  })
  .refine(
    ({ add, remove }) => {
      const removed = new Set(remove)
      return !add.some((userId) => removed.has(userId))
    },
    { path: ['remove'], error: problem('ADDED_AND_REMOVED') },
  )
  .refine(
    ({ add, ends = [] }) => {
      const added = new Set(add)
      return ends.every(({ userId }) => added.has(userId))
    },
    { path: ['ends'], error: problem('EXPIRY_WITHOUT_MEMBER') },
  )
  .refine(({ add, remove }) => add.length + remove.length <= 10_000, {
    path: ['add'],
    error: problem('TOO_MANY', { max: 10_000 }),
  })
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

/** The result of a save. `unchanged`: the users who were already members, or already not. */
export interface MemberUpdated {
  added: string[]
  removed: string[]
  unchanged: number
  memberCount: number
  /** When the removed memberships would have expired. */
  ends: MembershipExpiry[]
}

/** A user in the member picker. */
export interface CandidateRow {
  id: string
  username: string
  displayName: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  member: boolean
}
/** A page of the member picker, with the count of all matches (exact to 10,000) and of those who are not members. */
export interface Candidates {
  rows: CandidateRow[]
  before: string | null
  after: string | null
  matching: { count: number; more: boolean }
  matchingNotMember: number
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
