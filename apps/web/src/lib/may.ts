import {
  type Action,
  type Decision,
  decide,
  decideGrant,
  type InstanceAction,
  type OrganizationAction,
  type OrganizationTarget,
  type Role,
  type UserAction,
  type UserTarget,
  type WorkspaceAction,
  type WorkspaceTarget,
} from '@roster/domain'
import { useSession } from '../session/session.store.ts'
import { refusalSentence } from './refusal.ts'

/** The policy's decision for a control, with the reason to show beside a disabled one. */
export type Permission = { allowed: true; reason: null } | { allowed: false; reason: string }

/** Asks the policy what the signed-in user may do. The server checks the same table again. */
export interface May {
  (action: InstanceAction): Permission
  (action: UserAction, target: UserTarget): Permission
  (action: WorkspaceAction, target: WorkspaceTarget): Permission
  (action: OrganizationAction, target: OrganizationTarget): Permission
}

function permission(decision: Decision): Permission {
  return decision.allowed
    ? { allowed: true, reason: null }
    : { allowed: false, reason: refusalSentence(decision.refusal) }
}

type Target = UserTarget | WorkspaceTarget | OrganizationTarget

/** The policy for the signed-in user. Reactive to a change of their role. */
export function useMay(): { may: May; mayGrant: (role: Role) => Permission } {
  const session = useSession()
  const may: May = (action: Action, target?: Target) => {
    const { actor } = session
    // The overloads tie each action to its kind of target, so the target's shape identifies the action's kind.
    if (target === undefined) return permission(decide(actor, action as InstanceAction))
    if ('role' in target) return permission(decide(actor, action as UserAction, target))
    if ('assigned' in target) return permission(decide(actor, action as WorkspaceAction, target))
    return permission(decide(actor, action as OrganizationAction, target))
  }
  return { may, mayGrant: (role) => permission(decideGrant(session.actor, role)) }
}
