import {
  type Actor,
  type Decision,
  decide,
  decideGrant,
  decideRole,
  grantRelation,
  type OrganizationTarget,
  organizationRelation,
  type UserTarget,
  userRelation,
  type WorkspaceTarget,
  workspaceRelation,
} from './decision.ts'
import type { Action, InstanceAction, OrganizationAction, Relation, UserAction, WorkspaceAction } from './policy.ts'
import type { Role } from './role.ts'

/** The target of a question to the policy. */
export type Subject =
  | { kind: 'none' }
  | { kind: 'user'; user: UserTarget }
  | { kind: 'workspace'; workspace: WorkspaceTarget }
  | { kind: 'organization'; organization: OrganizationTarget }
  | { kind: 'role'; role: Role }

/**
 * Decides about any subject, in the order of a call: first whether the role has the action at all, then about the
 * subject.
 */
export function decideOn(actor: Actor, action: Action, subject: Subject): Decision {
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed) return byRole
  switch (subject.kind) {
    case 'none':
      return decide(actor, action as InstanceAction)
    case 'user':
      return decide(actor, action as UserAction, subject.user)
    case 'workspace':
      return decide(actor, action as WorkspaceAction, subject.workspace)
    case 'organization':
      return decide(actor, action as OrganizationAction, subject.organization)
    case 'role':
      return decideGrant(actor, subject.role)
  }
}

/** The relation of the subject to the actor; null outside the actor's scope. */
export function relationTo(actor: Actor, subject: Subject): Relation | null {
  switch (subject.kind) {
    case 'none':
      return 'any'
    case 'user':
      return userRelation(actor, subject.user) ?? null
    case 'workspace':
      return workspaceRelation(actor, subject.workspace) ?? null
    case 'organization':
      return organizationRelation(actor, subject.organization) ?? null
    case 'role':
      return grantRelation(actor.role, subject.role)
  }
}

/** Why a user can or can't do an action: the decision, and the users who could do it instead. */
export interface Explanation {
  action: Action
  role: Role
  /** The target with its name. */
  target: { kind: 'user' | 'workspace' | 'organization'; id: string; name: string } | null
  decision: Decision
  /** The relation of the target to the user; null outside their scope. */
  relation: Relation | null
  /** What blocks every action of the user at present, apart from the policy. */
  shutOut: 'suspended' | 'organization-suspended' | null
  /** Some users who could do it instead as far as the reader can see them; none when the action is allowed. */
  others: { users: { id: string; name: string; role: Role }[]; more: boolean }
}
