import * as z from 'zod'
import { id } from '../id.ts'
import { problem } from '../refusal/fieldProblem.ts'
import type { Refusal } from '../refusal/refusal.ts'
import { selectionOf } from '../selection.ts'
import { dailyLimit, expectedVersion, role, userFilter } from './user.ts'

const selection = selectionOf(userFilter).refine(({ ids, matching }) => ids.length + matching.length > 0, {
  error: problem('REQUIRED_USER'),
})

/**
 * The action for each selected user. `expected` and `expectedVersion` guard an Undo: rows that have changed since are
 * skipped. `expiresAt`: when the new memberships expire, so an Undo restores no more than was removed. A membership
 * that would already be expired is not created.
 */
export const bulkAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('suspend'), expectedVersion: expectedVersion.optional() }),
  z.strictObject({ kind: z.literal('reactivate'), expectedVersion: expectedVersion.optional() }),
  z.strictObject({ kind: z.literal('setRole'), role, expected: role.optional() }),
  z.strictObject({ kind: z.literal('setLimit'), dailyLimit, expected: dailyLimit.optional() }),
  z.strictObject({
    kind: z.literal('addToWorkspaces'),
    workspaceIds: z
      .array(id)
      .min(1, { error: problem('REQUIRED_WORKSPACE') })
      .max(50, { error: problem('TOO_MANY_WORKSPACES', { max: 50 }) }),
    expiresAt: z.iso.datetime({ error: problem('INVALID_TIME') }).optional(),
  }),
  z.strictObject({
    kind: z.literal('removeFromWorkspaces'),
    workspaceIds: z
      .array(id)
      .min(1, { error: problem('REQUIRED_WORKSPACE') })
      .max(50, { error: problem('TOO_MANY_WORKSPACES', { max: 50 }) }),
  }),
  z.strictObject({ kind: z.literal('signOut') }),
  z.strictObject({ kind: z.literal('delete') }),
])
export type BulkAction = z.input<typeof bulkAction>
export type BulkKind = BulkAction['kind']

export const bulkPreview = z.strictObject({ selection, action: bulkAction })
/** `token` comes from the preview. The call is refused when the selection, or a user in it, has changed since. */
export const bulkApply = z.strictObject({ selection, action: bulkAction, token: z.string().max(200) })

/** One row of a preview: what would happen, or why not. */
export interface BulkPreviewRow {
  userId: string
  username: string
  outcome: 'change' | 'nothing' | 'refused'
  refusal: Refusal | null
}

/** What a bulk call would do. Counts are exact; `rows` has the first 100 of each outcome. */
export interface BulkPreview {
  token: string
  total: number
  change: number
  nothing: number
  refused: number
  /** The refused rows by reason, counted exactly. */
  reasons: { refusal: Refusal; count: number }[]
  rows: BulkPreviewRow[]
}

/** The result of one row. An Undo needs `before` and `statusVersion`, the version of its present status. */
export interface BulkResultRow {
  userId: string
  username: string
  outcome: 'changed' | 'nothing' | 'refused'
  refusal: Refusal | null
  before?: {
    role?: 'administrator' | 'manager' | 'default'
    dailyLimit?: number | null
    workspaceIds?: string[]
    /** When the removed memberships would have expired. */
    ends?: { workspaceId: string; expiresAt: string }[]
  }
  statusVersion?: number
}
export interface BulkResult {
  batchId: string
  changed: number
  nothing: number
  refused: number
  rows: BulkResultRow[]
}

/** The most users one bulk call takes. */
export const BULK_MAX = 10_000
