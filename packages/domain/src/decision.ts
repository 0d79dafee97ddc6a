import type { ManagerScope } from './organization.ts'
import type {
  Action,
  GrantAction,
  GrantRelation,
  InstanceAction,
  OrganizationAction,
  OrganizationRelation,
  Relation,
  UserAction,
  UserRelation,
  WorkspaceAction,
  WorkspaceRelation,
} from './policy.ts'
import { permission } from './policy.ts'
import type { Refusal } from './refusal.ts'
import { compareRoles, type Role } from './role.ts'
import type { SessionMe } from './session.ts'

/** Who asks: what policy needs to know of them. */
export interface Actor {
  id: string
  role: Role
  organizationId: string
  /** How far the managers of their organization reach; it says nothing to other roles. */
  managerScope: ManagerScope
}

/** Whoever is signed in, as policy asks for them. */
export function actorOf({ user, organization }: Pick<SessionMe, 'user' | 'organization'>): Actor {
  return { id: user.id, role: user.role, organizationId: user.organizationId, managerScope: organization.managerScope }
}

/** What policy needs to know of a user who is acted upon. */
export interface UserTarget {
  id: string
  role: Role
  organizationId: string
}

/** What policy needs to know of a workspace: `assigned` says whether the actor is a member of it now. */
export interface WorkspaceTarget {
  organizationId: string
  assigned: boolean
}

/** What policy needs to know of an organization. */
export interface OrganizationTarget {
  id: string
}

/** The policy's answer to one question, with the row's relation that gave it, or the reason it was refused. */
export type Decision = { allowed: true; action: Action; relation: Relation } | { allowed: false; action: Action; refusal: Refusal }

/** How far a role sees: the filter of every list and of every load of a target. `none` sees nobody; `self` only oneself. */
export type Scope =
  | { kind: 'instance' }
  | { kind: 'organization'; organizationId: string }
  | { kind: 'assigned'; organizationId: string; userId: string }
  | { kind: 'self'; organizationId: string; userId: string }

/** The users (or workspaces) an actor may see at all. It goes into the WHERE of the one query that loads a target. */
export function visibleScope(actor: Actor, what: 'user' | 'workspace'): Scope {
  const { organizationId, id: userId } = actor
  switch (actor.role) {
    case 'administrator':
      return { kind: 'instance' }
    case 'manager':
      return what === 'workspace' && actor.managerScope === 'assigned' ? { kind: 'assigned', organizationId, userId } : { kind: 'organization', organizationId }
    case 'default':
      return what === 'user' ? { kind: 'self', organizationId, userId } : { kind: 'assigned', organizationId, userId }
  }
}

/** How far an actor sees people, and how far workspaces: lists of people tell of the workspaces within, and of no other. */
export interface Visibility {
  user: Scope
  workspace: Scope
}

/** Both scopes of an actor. */
export function visibilityOf(actor: Actor): Visibility {
  return { user: visibleScope(actor, 'user'), workspace: visibleScope(actor, 'workspace') }
}

/** Where a user stands seen from the actor; undefined outside the actor's scope. */
export function userRelation(actor: Actor, target: UserTarget): UserRelation | undefined {
  if (target.id === actor.id) return 'self'
  const scope = visibleScope(actor, 'user')
  if (scope.kind === 'self') return undefined
  if (scope.kind !== 'instance' && scope.organizationId !== target.organizationId) return undefined
  return grantRelation(actor.role, target.role)
}

/** Where a workspace stands seen from the actor; undefined outside the actor's scope. */
export function workspaceRelation(actor: Actor, target: WorkspaceTarget): WorkspaceRelation | undefined {
  const scope = visibleScope(actor, 'workspace')
  if (scope.kind !== 'instance' && scope.organizationId !== target.organizationId) return undefined
  if (target.assigned) return 'assigned'
  return scope.kind === 'assigned' ? undefined : 'inScope'
}

/** Where an organization stands seen from the actor; undefined outside the actor's scope. */
export function organizationRelation(actor: Actor, target: OrganizationTarget): OrganizationRelation | undefined {
  if (target.id === actor.organizationId) return 'own'
  return visibleScope(actor, 'user').kind === 'instance' ? 'other' : undefined
}

/** What policy needs to know of an invitation: where it leads, and what it gives there. */
export interface InvitationTarget {
  organizationId: string
  role: Role
  /** `assigned`: whether who gives it is a member now. */
  workspaces: readonly WorkspaceTarget[]
}

/** Where a role stands that somebody of a role would give. */
export function grantRelation(from: Role, to: Role): GrantRelation {
  const difference = compareRoles(to, from)
  return difference < 0 ? 'subordinate' : difference > 0 ? 'superior' : 'peer'
}

/** Whether a role has any relation at all for an action: the question that is asked before a target is loaded. */
export function decideRole(role: Role, action: Action): Decision {
  const relation = permission(action, role)[0]
  return relation === undefined
    ? { allowed: false, action, refusal: { code: 'ROLE_LACKS_ACTION', details: { action, role } } }
    : { allowed: true, action, relation }
}

function decideRelation(actor: Actor, action: Action, relation: Relation, targetRole?: Role): Decision {
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed) return byRole
  if (permission(action, actor.role).includes(relation)) return { allowed: true, action, relation }
  const details = { action, role: actor.role, relation, ...(targetRole === undefined ? {} : { targetRole }) }
  return { allowed: false, action, refusal: { code: 'TARGET_NOT_ALLOWED', details } }
}

/** Ask the policy: may `actor` do `action` (to `target`)? The one place that decides, for the API, the console and every client. */
export function decide(actor: Actor, action: InstanceAction): Decision
export function decide(actor: Actor, action: UserAction, target: UserTarget): Decision
export function decide(actor: Actor, action: WorkspaceAction, target: WorkspaceTarget): Decision
export function decide(actor: Actor, action: OrganizationAction, target: OrganizationTarget): Decision
export function decide(actor: Actor, action: Action, target?: UserTarget | WorkspaceTarget | OrganizationTarget): Decision {
  if (target === undefined) return decideRole(actor.role, action)
  if ('assigned' in target) {
    const relation = workspaceRelation(actor, target)
    return relation === undefined
      ? { allowed: false, action, refusal: { code: 'NOT_FOUND', details: { what: 'workspace' } } }
      : decideRelation(actor, action, relation)
  }
  if ('role' in target) {
    const relation = userRelation(actor, target)
    return relation === undefined
      ? { allowed: false, action, refusal: { code: 'NOT_FOUND', details: { what: 'user' } } }
      : decideRelation(actor, action, relation, target.role)
  }
  const relation = organizationRelation(actor, target)
  return relation === undefined
    ? { allowed: false, action, refusal: { code: 'NOT_FOUND', details: { what: 'organization' } } }
    : decideRelation(actor, action, relation)
}

/** May `actor` give `role` to somebody (on creating, on changing a role, in an invitation)? */
export function decideGrant(actor: Actor, role: Role): Decision {
  const action: GrantAction = 'role.grant'
  const decision = decideRelation(actor, action, grantRelation(actor.role, role))
  return decision.allowed || decision.refusal.code === 'ROLE_LACKS_ACTION'
    ? decision
    : { allowed: false, action, refusal: { code: 'CANNOT_GRANT', details: { role } } }
}

/**
 * May `actor` give this invitation (on making it, on sending it again, and still when somebody accepts it)? Nobody invites whom they couldn't make, or
 * into a workspace they couldn't put them into.
 */
export function decideInvitation(actor: Actor, { organizationId, role, workspaces }: InvitationTarget): Decision {
  const action: InstanceAction = 'invitation.create'
  const byRole = decideRole(actor.role, action)
  if (!byRole.allowed) return byRole
  const scope = visibleScope(actor, 'user')
  if (scope.kind !== 'instance' && scope.organizationId !== organizationId)
    return { allowed: false, action, refusal: { code: 'NOT_FOUND', details: { what: 'organization' } } }
  const grant = decideGrant(actor, role)
  if (!grant.allowed) return grant
  const reached = workspaces.every((workspace) => workspace.organizationId === organizationId && decide(actor, 'member.update', workspace).allowed)
  return reached ? byRole : { allowed: false, action, refusal: { code: 'INVITATION_OUT_OF_SCOPE', details: {} } }
}
