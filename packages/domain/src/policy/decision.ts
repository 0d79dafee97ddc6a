import type { ManagerScope } from '../organization.ts'
import type { Refusal } from '../refusal/refusal.ts'
import type { SessionMe } from '../session/session.ts'
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
import { compareRoles, type Role } from './role.ts'

/** The user who acts, as far as the policy needs to know them. */
export interface Actor {
  id: string
  role: Role
  organizationId: string
  /** The manager scope of their organization. It matters for managers only. */
  managerScope: ManagerScope
}

/** The actor of a signed-in session. */
export function actorOf({ user, organization }: Pick<SessionMe, 'user' | 'organization'>): Actor {
  return { id: user.id, role: user.role, organizationId: user.organizationId, managerScope: organization.managerScope }
}

/** The user that an action is about, as far as the policy needs to know them. */
export interface UserTarget {
  id: string
  role: Role
  organizationId: string
}

/** The workspace that an action is about. `assigned`: the actor is a member now. */
export interface WorkspaceTarget {
  organizationId: string
  assigned: boolean
}

/** The organization that an action is about. */
export interface OrganizationTarget {
  id: string
}

/** The policy's answer, with the relation that allowed the action or the refusal. */
export type Decision =
  | { allowed: true; action: Action; relation: Relation }
  | { allowed: false; action: Action; refusal: Refusal }

/** The records that an actor can see. Every list and every load of a target filters by it. `self`: only the actor. */
export type Scope =
  | { kind: 'instance' }
  | { kind: 'organization'; organizationId: string }
  | { kind: 'assigned'; organizationId: string; userId: string }
  | { kind: 'self'; organizationId: string; userId: string }

/** The users or workspaces that an actor can see. It goes into the WHERE of the one query that loads a target. */
export function visibleScope(actor: Actor, what: 'user' | 'workspace'): Scope {
  const { organizationId, id: userId } = actor
  switch (actor.role) {
    case 'administrator':
      return { kind: 'instance' }
    case 'manager':
      return what === 'workspace' && actor.managerScope === 'assigned'
        ? { kind: 'assigned', organizationId, userId }
        : { kind: 'organization', organizationId }
    case 'default':
      return what === 'user' ? { kind: 'self', organizationId, userId } : { kind: 'assigned', organizationId, userId }
  }
}

/** The users and the workspaces that an actor can see. Lists of users show only the workspaces in it. */
export interface Visibility {
  user: Scope
  workspace: Scope
}

/** Both scopes of an actor. */
export function visibilityOf(actor: Actor): Visibility {
  return { user: visibleScope(actor, 'user'), workspace: visibleScope(actor, 'workspace') }
}

/** The relation of a user to the actor; undefined outside the actor's scope. */
export function userRelation(actor: Actor, target: UserTarget): UserRelation | undefined {
  if (target.id === actor.id) return 'self'
  const scope = visibleScope(actor, 'user')
  if (scope.kind === 'self') return undefined
  if (scope.kind !== 'instance' && scope.organizationId !== target.organizationId) return undefined
  return grantRelation(actor.role, target.role)
}

/** The relation of a workspace to the actor; undefined outside the actor's scope. */
export function workspaceRelation(actor: Actor, target: WorkspaceTarget): WorkspaceRelation | undefined {
  const scope = visibleScope(actor, 'workspace')
  if (scope.kind !== 'instance' && scope.organizationId !== target.organizationId) return undefined
  if (target.assigned) return 'assigned'
  return scope.kind === 'assigned' ? undefined : 'inScope'
}

/** The relation of an organization to the actor; undefined outside the actor's scope. */
export function organizationRelation(actor: Actor, target: OrganizationTarget): OrganizationRelation | undefined {
  if (target.id === actor.organizationId) return 'own'
  return visibleScope(actor, 'user').kind === 'instance' ? 'other' : undefined
}

/** The organization, role and workspaces that an invitation gives. */
export interface InvitationTarget {
  organizationId: string
  role: Role
  /** `assigned`: the inviting user is a member now. */
  workspaces: readonly WorkspaceTarget[]
}

/** The relation of a granted role to the granting role. */
export function grantRelation(from: Role, to: Role): GrantRelation {
  const difference = compareRoles(to, from)
  return difference < 0 ? 'subordinate' : difference > 0 ? 'superior' : 'peer'
}

/** Decides whether a role has an action for any target. It is asked before a target is loaded. */
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

/**
 * Decides whether `actor` may do `action` to `target`. The API, the console and every client decide here and nowhere
 * else.
 */
export function decide(actor: Actor, action: InstanceAction): Decision
export function decide(actor: Actor, action: UserAction, target: UserTarget): Decision
export function decide(actor: Actor, action: WorkspaceAction, target: WorkspaceTarget): Decision
export function decide(actor: Actor, action: OrganizationAction, target: OrganizationTarget): Decision
export function decide(
  actor: Actor,
  action: Action,
  target?: UserTarget | WorkspaceTarget | OrganizationTarget,
): Decision {
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

/** Decides whether `actor` may give `role` to a user: on creation, on a role change, or in an invitation. */
export function decideGrant(actor: Actor, role: Role): Decision {
  const action: GrantAction = 'role.grant'
  const decision = decideRelation(actor, action, grantRelation(actor.role, role))
  return decision.allowed || decision.refusal.code === 'ROLE_LACKS_ACTION'
    ? decision
    : { allowed: false, action, refusal: { code: 'CANNOT_GRANT', details: { role } } }
}

/**
 * Decides whether `actor` may give this invitation: when it is created, resent or accepted. An actor invites only users
 * they could create, and only into workspaces they could add them to.
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
  const inScope = workspaces.every(
    (workspace) => workspace.organizationId === organizationId && decide(actor, 'member.update', workspace).allowed,
  )
  return inScope ? byRole : { allowed: false, action, refusal: { code: 'INVITATION_OUT_OF_SCOPE', details: {} } }
}
