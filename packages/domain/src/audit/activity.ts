import type { AuditAction, AuditedValues, RecordedRefusal, Through } from './audit.ts'

/** `did`: what the user did. `done`: what others did to the user. */
export const DIRECTIONS = ['did', 'done'] as const
export type Direction = (typeof DIRECTIONS)[number]

/**
 * A user in an activity row. `id` is null when the reader can't see the user; `name` is null when the reader may not
 * know it.
 */
export interface ActivityUser {
  id: string | null
  name: string | null
}

/** One action that was done or refused. What lies outside the reader's visibility has no name. */
export interface ActivityRow {
  id: string
  at: string
  /** An event of an older version can have an action that is not in the list. */
  action: AuditAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  /** How often within the same minute, for refusals. */
  count: number
  through: Through
  address: string | null
  /** Null when no user acted, but the operator or the system. */
  actor: ActivityUser | null
  target: { kind: string; id: string | null; name: string | null } | null
  workspace: { id: string | null; name: string | null } | null
  before: AuditedValues | null
  after: AuditedValues | null
  /** The names of the ids in `before` and `after` that the reader can see. */
  names: Record<string, string>
}
