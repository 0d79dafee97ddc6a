import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id, ids } from './id.ts'
import type { Role } from './role.ts'
import { page, role, type UserStatus } from './user.ts'

/** Whom the picker shows: by text, role, and whether they are members. */
export const candidateFilter = z.strictObject({
  search: z.string().max(200).trim().optional(),
  role: z.array(role).max(3).optional(),
  member: z.boolean().optional(),
})
export type CandidateFilter = z.infer<typeof candidateFilter>

/** The people who may be put into a workspace: every role of its organization, suspended ones marked. Only those among `ids`, when given ("selected"). */
export const memberCandidates = z.strictObject({ workspaceId: id, filter: candidateFilter.default({}), ids: ids.optional(), page: page.default({ size: 50 }) })
export const memberList = z.strictObject({ workspaceId: id, filter: candidateFilter.omit({ member: true }).default({}), page: page.default({ size: 50 }) })
export const memberCount = z.strictObject({ workspaceId: id, filter: candidateFilter.omit({ member: true }).default({}) })

/**
 * A membership save: exactly this difference, in one transaction. `addMatching` adds all who match a filter, but `except`;
 * `expectedCount` is how many the picker said would match, and the save is refused when there are now others or more.
 */
export const memberUpdate = z
  .strictObject({
    workspaceId: id,
    add: ids.default([]),
    remove: ids.default([]),
    addMatching: z.strictObject({ filter: candidateFilter, except: ids.default([]), expectedCount: z.int().min(0) }).optional(),
    /** When memberships of those in `add` end by themselves: what an Undo brings back is no more than was taken. Whoever's end is past isn't added. */
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
  .refine(({ add, remove }) => add.length + remove.length <= 10_000, { path: ['add'], error: problem('TOO_MANY', { max: 10_000 }) })
export type MemberUpdate = z.input<typeof memberUpdate>

/** When a membership ends by itself: with the last day, in the organization's time zone; null: not at all. `seen` is the end that was seen. */
export const memberSetExpiry = z.strictObject({
  workspaceId: id,
  userId: id,
  // Beyond that an instant has a year of more digits, which nobody could send back as the end they saw.
  lastDay: z.iso
    .date({ error: problem('REQUIRED_DATE') })
    .refine((day) => day < '9999', { error: problem('REQUIRED_DATE') })
    .nullable(),
  expected: z.iso.datetime({ error: problem('INVALID_TIME') }).nullable(),
})

/** When somebody's membership ends by itself. */
export interface MembershipExpiry {
  userId: string
  expiresAt: string
}

/** What a save really did; `unchanged` counts those who were already in, or already out. */
export interface MemberUpdated {
  added: string[]
  removed: string[]
  unchanged: number
  memberCount: number
  /** When the memberships that were taken away would have ended by themselves. */
  ends: MembershipExpiry[]
}

/** A person in the picker. */
export interface CandidateRow {
  id: string
  username: string
  displayName: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  member: boolean
}
/** A page of the picker, with how many match in all (exact to 10,000) and how many of those are members. */
export interface Candidates {
  rows: CandidateRow[]
  before: string | null
  after: string | null
  matching: { count: number; more: boolean }
  matchingNotMember: number
}

/** A member as the workspace's people see them. Managers also see status and who added them. */
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
