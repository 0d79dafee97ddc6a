import { Refused, refuse } from '../refusal/refusal.ts'
import {
  type Actor,
  type Decision,
  decide,
  decideGrant,
  decideRole,
  type OrganizationTarget,
  type UserTarget,
  type WorkspaceTarget,
} from './decision.ts'
import {
  type Action,
  actionKind,
  type GrantAction,
  type InstanceAction,
  type OrganizationAction,
  type UserAction,
  type WorkspaceAction,
} from './policy.ts'
import type { Role } from './role.ts'

/** Throws the refusal of a decision that does not allow its action. */
export function requireAllowed(decision: Decision): void {
  if (!decision.allowed) throw new Refused(decision.refusal)
}

/** Requires a role with some permission for the action, before a target is loaded. @throws ROLE_LACKS_ACTION */
export function authorizeRole(actor: Actor, action: Action): void {
  requireAllowed(decideRole(actor.role, action))
}

/**
 * Requires that `actor` may do `action` to `target`, and returns the target. A target that was not found within the
 * actor's visibility is undefined: it gets the same answer as one that does not exist.
 * @throws NOT_FOUND, ROLE_LACKS_ACTION, TARGET_NOT_ALLOWED, CANNOT_GRANT
 */
export function authorize(actor: Actor, action: InstanceAction): void
export function authorize(actor: Actor, action: GrantAction, role: Role): void
export function authorize<T extends UserTarget>(actor: Actor, action: UserAction, target: T | undefined): T
export function authorize<T extends WorkspaceTarget>(actor: Actor, action: WorkspaceAction, target: T | undefined): T
export function authorize<T extends OrganizationTarget>(
  actor: Actor,
  action: OrganizationAction,
  target: T | undefined,
): T
export function authorize(actor: Actor, action: Action, target?: object | Role): unknown {
  const kind = actionKind(action)
  if (kind === 'none') return authorizeRole(actor, action)
  if (kind === 'role') return requireAllowed(decideGrant(actor, target as Role))
  if (target === undefined) throw refuse('NOT_FOUND', { what: kind })
  requireAllowed(decide(actor, action as UserAction, target as UserTarget))
  return target
}
