import type { Role } from './role.ts'

/**
 * The relation of a target to the actor. Relations of one kind are disjoint, and exist only inside the actor's scope. A
 * target outside the scope has no relation. It gets the same answer as a target that does not exist.
 *
 * - users (and roles to grant): `self`, `subordinate` (lower role), `peer` (another user of the same role), `superior`
 *   (higher role)
 * - workspaces: `assigned` (the actor is a member), `inScope` (in scope, but not a member)
 * - organizations: `own` (the actor belongs to it), `other` (another one in scope)
 * - `any`: the action has no single target
 */
export type UserRelation = 'self' | 'subordinate' | 'peer' | 'superior'
export type GrantRelation = Exclude<UserRelation, 'self'>
export type WorkspaceRelation = 'assigned' | 'inScope'
export type OrganizationRelation = 'own' | 'other'
export type Relation = UserRelation | WorkspaceRelation | OrganizationRelation | 'any'

type Permissions<R extends Relation> = Record<Role, readonly R[]>

/** Actions without a single target, such as a list or a creation. */
const INSTANCE_ACTIONS = {
  'session.me': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.signOut': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.changePassword': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.acknowledge': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.list': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.signInHistory': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.reauthenticate': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'session.end': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'factor.status': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'factor.manage': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'changes.subscribe': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'connection.watch': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'setup.checklist': { administrator: ['any'], manager: [], default: [] },
  'setup.nameInstance': { administrator: ['any'], manager: [], default: [] },
  'system.get': { administrator: ['any'], manager: [], default: [] },
  'system.update': { administrator: ['any'], manager: [], default: [] },
  'security.get': { administrator: ['any'], manager: [], default: [] },
  'security.update': { administrator: ['any'], manager: [], default: [] },
  'organization.list': { administrator: ['any'], manager: ['any'], default: [] },
  'organization.create': { administrator: ['any'], manager: [], default: [] },
  'user.list': { administrator: ['any'], manager: ['any'], default: [] },
  'user.create': { administrator: ['any'], manager: ['any'], default: [] },
  'invitation.list': { administrator: ['any'], manager: ['any'], default: [] },
  'invitation.create': { administrator: ['any'], manager: ['any'], default: [] },
  'invitation.revoke': { administrator: ['any'], manager: ['any'], default: [] },
  'request.list': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'request.withdraw': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'user.import': { administrator: ['any'], manager: ['any'], default: [] },
  'user.export': { administrator: ['any'], manager: ['any'], default: [] },
  'workspace.list': { administrator: ['any'], manager: ['any'], default: ['any'] },
  'workspace.create': { administrator: ['any'], manager: ['any'], default: [] },
} as const satisfies Record<string, Permissions<'any'>>

/** Actions on one user. */
const USER_ACTIONS = {
  'user.get': {
    administrator: ['self', 'subordinate', 'peer'],
    manager: ['self', 'subordinate', 'peer', 'superior'],
    default: [],
  },
  'user.activity': {
    administrator: ['self', 'subordinate', 'peer'],
    manager: ['self', 'subordinate', 'peer', 'superior'],
    default: ['self'],
  },
  'profile.update': {
    administrator: ['self', 'subordinate', 'peer'],
    manager: ['self', 'subordinate'],
    default: ['self'],
  },
  'user.update': { administrator: ['self', 'subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.setLimit': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.setRole': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.setPassword': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.resetFactor': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.createLink': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.signOut': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.suspend': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.reactivate': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.delete': { administrator: ['subordinate', 'peer'], manager: ['subordinate'], default: [] },
  'user.move': { administrator: ['subordinate', 'peer'], manager: [], default: [] },
} as const satisfies Record<string, Permissions<UserRelation>>

/** Actions on one workspace. */
const WORKSPACE_ACTIONS = {
  'workspace.get': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: ['assigned'] },
  'workspace.rename': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'workspace.archive': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'workspace.restore': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'workspace.delete': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'member.list': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: ['assigned'] },
  'member.candidates': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'member.update': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'request.create': { administrator: ['assigned'], manager: ['assigned'], default: ['assigned'] },
  'request.decide': { administrator: ['assigned', 'inScope'], manager: ['assigned', 'inScope'], default: [] },
  'member.leave': { administrator: ['assigned'], manager: ['assigned'], default: ['assigned'] },
} as const satisfies Record<string, Permissions<WorkspaceRelation>>

/** Actions on one organization. */
const ORGANIZATION_ACTIONS = {
  'organization.get': { administrator: ['own', 'other'], manager: ['own'], default: [] },
  'organization.rename': { administrator: ['own', 'other'], manager: ['own'], default: [] },
  'organization.setTimeZone': { administrator: ['own', 'other'], manager: ['own'], default: [] },
  'organization.setManagerScope': { administrator: ['own', 'other'], manager: [], default: [] },
  'organization.setOversight': { administrator: ['own', 'other'], manager: [], default: [] },
  'organization.suspend': { administrator: ['other'], manager: [], default: [] },
  'organization.reactivate': { administrator: ['other'], manager: [], default: [] },
  'organization.delete': { administrator: ['other'], manager: [], default: [] },
} as const satisfies Record<string, Permissions<OrganizationRelation>>

/** Granting a role is an action on that role. So the table can say that no user grants a role above their own. */
const GRANT_ACTIONS = {
  'role.grant': { administrator: ['peer', 'subordinate'], manager: ['peer', 'subordinate'], default: [] },
} as const satisfies Record<string, Permissions<GrantRelation>>

/**
 * The whole policy: action × role → the relations to the target for which the role has the permission. Empty: for none.
 */
export const POLICY = {
  ...INSTANCE_ACTIONS,
  ...USER_ACTIONS,
  ...WORKSPACE_ACTIONS,
  ...ORGANIZATION_ACTIONS,
  ...GRANT_ACTIONS,
} as const

export type InstanceAction = keyof typeof INSTANCE_ACTIONS
export type UserAction = keyof typeof USER_ACTIONS
export type WorkspaceAction = keyof typeof WORKSPACE_ACTIONS
export type OrganizationAction = keyof typeof ORGANIZATION_ACTIONS
export type GrantAction = keyof typeof GRANT_ACTIONS
export type Action = keyof typeof POLICY

export const ACTIONS = Object.keys(POLICY) as readonly Action[]
export const USER_ACTION_NAMES = Object.keys(USER_ACTIONS) as readonly UserAction[]
export const ORGANIZATION_ACTION_NAMES = Object.keys(ORGANIZATION_ACTIONS) as readonly OrganizationAction[]
export const WORKSPACE_ACTION_NAMES = Object.keys(WORKSPACE_ACTIONS) as readonly WorkspaceAction[]

/** The kind of an action's target. */
export type ActionKind = 'none' | 'user' | 'workspace' | 'organization' | 'role'

/** The kind of target that an action needs. */
export function actionKind(action: Action): ActionKind {
  if (action in USER_ACTIONS) return 'user'
  if (action in WORKSPACE_ACTIONS) return 'workspace'
  if (action in ORGANIZATION_ACTIONS) return 'organization'
  return action in GRANT_ACTIONS ? 'role' : 'none'
}

/** The relations to the target for which `role` may do `action`. */
export function permission(action: Action, role: Role): readonly Relation[] {
  return POLICY[action][role]
}
