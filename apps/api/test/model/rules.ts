import type { Role } from '@roster/domain'
import type { ModelUser, ModelWorkspace, World } from './world.ts'

// The contract, written a second time as plain conditions. It does not use the policy table, so the test finds where
// the two differ.

const RANK = { default: 0, manager: 1, administrator: 2 } as const satisfies Record<Role, number>

export function canSignIn(world: World, user: ModelUser): boolean {
  return user.status === 'active' && world.organizations[user.organizationIndex]?.suspended === false
}

/** Administrators outrank every other user; managers outrank the default users of their organization. */
export function outranks(actor: ModelUser, target: ModelUser): boolean {
  if (target.status === 'deleted' || target.index === actor.index) return false
  if (actor.role === 'administrator') return true
  return actor.role === 'manager' && target.organizationIndex === actor.organizationIndex && target.role === 'default'
}

/** A call may only name users that the actor can see. */
export function canSee(actor: ModelUser, target: ModelUser): boolean {
  return target.status !== 'deleted' && managesOrganization(actor, target.organizationIndex)
}

export function isLower(role: Role, than: Role): boolean {
  return RANK[role] < RANK[than]
}

/** Default users grant no role; the others grant no role above their own. */
export function mayGrant(actor: ModelUser, role: Role): boolean {
  return actor.role !== 'default' && RANK[role] <= RANK[actor.role]
}

/** Whether the actor may create and invite users in an organization. */
export function managesOrganization(actor: ModelUser, organizationIndex: number): boolean {
  return actor.role === 'administrator' || (actor.role === 'manager' && actor.organizationIndex === organizationIndex)
}

/** Whether the actor may change a workspace and its members. */
export function mayManageWorkspace(world: World, actor: ModelUser, workspace: ModelWorkspace): boolean {
  if (actor.role === 'administrator') return true
  if (actor.role !== 'manager' || workspace.organizationIndex !== actor.organizationIndex) return false
  return (
    world.organizations[actor.organizationIndex]?.managerScope === 'organization' || workspace.members.has(actor.index)
  )
}

/** Whether the actor is the workspace's last manager under the assigned scope, who can't leave it. */
export function isLastManager(world: World, actor: ModelUser, workspace: ModelWorkspace): boolean {
  if (actor.role !== 'manager' || world.organizations[actor.organizationIndex]?.managerScope !== 'assigned')
    return false
  return !world.users.some(
    ({ index, role, status }) =>
      index !== actor.index && role === 'manager' && status === 'active' && workspace.members.has(index),
  )
}

/** Whether the actor may add users of an organization to a workspace. */
export function mayAddMembers(
  world: World,
  actor: ModelUser,
  workspace: ModelWorkspace,
  organizationIndex: number,
): boolean {
  return workspace.organizationIndex === organizationIndex && mayManageWorkspace(world, actor, workspace)
}

/** Null when the change would leave no administrator who can sign in. */
export function unlessLastAdministrator(next: World): World | null {
  return next.users.some((user) => user.role === 'administrator' && user.credential && canSignIn(next, user))
    ? next
    : null
}
