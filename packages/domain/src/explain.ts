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

/** What a question to the policy is about. */
export type Subject =
  | { kind: 'none' }
  | { kind: 'user'; user: UserTarget }
  | { kind: 'workspace'; workspace: WorkspaceTarget }
  | { kind: 'organization'; organization: OrganizationTarget }
  | { kind: 'role'; role: Role }

/** The policy's answer about anything, asked in the order in which a call asks: first whether the role has the action at all, then about the subject. */
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

/** Where the subject stands, seen from the actor; null outside their scope. */
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

/** Why somebody can, or can't, do something: the decision, and who could do it instead. */
export interface Explanation {
  action: Action
  role: Role
  /** What it was about, by name. */
  target: { kind: 'user' | 'workspace' | 'organization'; id: string; name: string } | null
  decision: Decision
  /** Where the target stands, seen from them; null outside their scope. */
  relation: Relation | null
  /** What keeps them from everything just now, whatever the policy says. */
  shutOut: 'suspended' | 'organization-suspended' | null
  /** Some of those who could do it instead, within the asker's sight; none are named where it is allowed. */
  others: { users: { id: string; name: string; role: Role }[]; more: boolean }
}
