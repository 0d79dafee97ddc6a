import type { Action } from '../policy/policy.ts'
import type { Capability } from './capability.ts'
import { EVENTS, type IdKind, PROCEDURES, ROUTES } from './registry.ts'

type Rows = typeof PROCEDURES
/** The procedures with a row that extends `Row`. */
type Where<Row> = { [P in keyof Rows]: Rows[P] extends Row ? P : never }[keyof Rows]

export type Procedure = keyof Rows
/** A procedure that needs a session and a row of the policy. */
export type GuardedProcedure = Where<{ action: Action }>
/** A procedure that needs no session. */
export type PublicProcedure = Where<{ action: null }>
/** A guarded procedure that can change something. */
export type ChangingProcedure = Where<{ action: Action; kind: 'mutation' }>
export type GuardedRoute = keyof typeof ROUTES
/** A procedure that writes audit events of its own name. */
export type AuditedProcedure =
  | Exclude<ChangingProcedure, Where<{ audited: false }>>
  | Where<{ action: null; audited: true }>
/** Actions with an audit event of their own. */
export type RecordedAction = AuditedProcedure | keyof typeof EVENTS

/** A row with its defaults. */
export interface ProcedureProperties {
  action: Action | null
  kind: 'query' | 'mutation' | 'subscription'
  invalidates: readonly Capability[]
  audited: boolean
  batch: 'allowed' | 'refused' | 'never'
  before: 'password' | 'factor' | null
  ids: Readonly<Record<string, IdKind>>
}

/** The action of a procedure or route; the type says which. */
export function actionOf<P extends GuardedProcedure>(procedure: P): Rows[P]['action']
export function actionOf(name: GuardedProcedure | GuardedRoute): Action
export function actionOf(name: GuardedProcedure | GuardedRoute): Action {
  return { ...PROCEDURES, ...ROUTES }[name].action
}

/** The row of a procedure, with its defaults. */
export function properties(procedure: Procedure): ProcedureProperties {
  const { action, kind } = PROCEDURES[procedure]
  const defaults = { invalidates: [], audited: action !== null && kind === 'mutation', batch: 'allowed', before: null }
  return { ...defaults, ids: {}, ...PROCEDURES[procedure] } as ProcedureProperties
}

function where(matches: (row: ProcedureProperties) => boolean): Procedure[] {
  return (Object.keys(PROCEDURES) as Procedure[]).filter((procedure) => matches(properties(procedure)))
}

export const GUARDED_PROCEDURES = where(({ action }) => action !== null) as readonly GuardedProcedure[]
export const PUBLIC_PROCEDURES = where(({ action }) => action === null) as readonly PublicProcedure[]
export const CHANGING_PROCEDURES = where(
  ({ action, kind }) => action !== null && kind === 'mutation',
) as readonly ChangingProcedure[]
export const AUDITED_PROCEDURES = where(({ audited }) => audited) as readonly AuditedProcedure[]

const UNBATCHED: ReadonlySet<string> = new Set(where(({ batch }) => batch !== 'allowed'))

/** Whether clients send a procedure's calls unbatched. */
export function isUnbatched(procedure: string): boolean {
  return UNBATCHED.has(procedure)
}

/**
 * Whether a procedure works before a required password change (`password`), or before a required second factor is set
 * up (`factor`).
 */
export function isAllowedBefore(required: 'password' | 'factor', procedure: GuardedProcedure | GuardedRoute): boolean {
  const before = procedure in PROCEDURES ? properties(procedure as Procedure).before : null
  return before === 'password' || (before !== null && before === required)
}

/** The records that are out of date after a recorded action or a change. */
export function invalidatedBy(action: RecordedAction | ChangingProcedure): readonly Capability[] {
  return action in PROCEDURES
    ? properties(action as Procedure).invalidates
    : EVENTS[action as keyof typeof EVENTS].invalidates
}
