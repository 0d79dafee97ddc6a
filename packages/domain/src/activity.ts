import type { AuditAction, AuditedValues, RecordedRefusal, Through } from './audit.ts'

/** Whether what somebody did is asked for, or what was done to them by others. */
export const DIRECTIONS = ['did', 'done'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** Somebody who is named: without an id where the reader doesn't see them (any more), without a name where nothing is told of them. */
export interface ActivityUser {
  id: string | null
  name: string | null
}

/** One thing that was done or refused, as its reader may know it: what lies outside their sight has no name. */
export interface ActivityRow {
  id: string
  at: string
  /** One that no version knows any more is an event of an older one. */
  action: AuditAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  /** How often within the minute, for refusals. */
  count: number
  through: Through
  address: string | null
  /** Null: nobody in particular, such as the operator or the system. */
  actor: ActivityUser | null
  target: { kind: string; id: string | null; name: string | null } | null
  workspace: { id: string | null; name: string | null } | null
  before: AuditedValues | null
  after: AuditedValues | null
  /** The names of those ids in `before` and `after` that the reader sees. */
  names: Record<string, string>
}
