import type { Role } from '@roster/domain'
import type { ModelUser, Place, World } from './world.ts'

// The contract once more, in plain conditions and without the policy's table, so that the two can disagree.

const RANK = { default: 0, manager: 1, administrator: 2 } as const satisfies Record<Role, number>

/** Whether anything at all answers to them: not suspended, not deleted, and neither is their organization. */
export function getsIn(world: World, user: ModelUser): boolean {
  return user.status === 'active' && world.tenants[user.organization]?.suspended === false
}

/** Whom somebody may act upon in whatever takes a higher rank; administrators act upon all others. */
export function outranks(actor: ModelUser, target: ModelUser): boolean {
  if (target.status === 'deleted' || target.index === actor.index) return false
  if (actor.role === 'administrator') return true
  return actor.role === 'manager' && target.organization === actor.organization && target.role === 'default'
}

/** Whom somebody finds in a list of people; who isn't there can't be named in a call either. */
export function sees(actor: ModelUser, target: ModelUser): boolean {
  return target.status !== 'deleted' && coversTenant(actor, target.organization)
}

/** Whether a role is less than another. */
export function isLower(role: Role, than: Role): boolean {
  return RANK[role] < RANK[than]
}

/** Nobody gives what they don't have, and default users give nothing. */
export function gives(actor: ModelUser, role: Role): boolean {
  return actor.role !== 'default' && RANK[role] <= RANK[actor.role]
}

/** Whether somebody may make people, or let people in, there. */
export function coversTenant(actor: ModelUser, organization: number): boolean {
  return actor.role === 'administrator' || (actor.role === 'manager' && actor.organization === organization)
}

/** Whether somebody may change a workspace and its members. */
export function reachesPlace(world: World, actor: ModelUser, place: Place): boolean {
  if (actor.role === 'administrator') return true
  if (actor.role !== 'manager' || place.organization !== actor.organization) return false
  return world.tenants[actor.organization]?.managerScope === 'organization' || place.members.has(actor.index)
}

/** Whether a workspace would be left without a manager who reaches it: a manager of assigned workspaces who is its last one stays. */
export function isLastManager(world: World, actor: ModelUser, place: Place): boolean {
  if (actor.role !== 'manager' || world.tenants[actor.organization]?.managerScope !== 'assigned') return false
  return !world.users.some(({ index, role, status }) => index !== actor.index && role === 'manager' && status === 'active' && place.members.has(index))
}

/** Whether somebody may put people of an organization into a workspace. */
export function puts(world: World, actor: ModelUser, place: Place, organization: number): boolean {
  return place.organization === organization && reachesPlace(world, actor, place)
}

/** A change as it comes out: refused where nobody would be left who can administer the instance. */
export function keepingAdministrator(after: World): World | null {
  return after.users.some((user) => user.role === 'administrator' && user.credential && getsIn(after, user)) ? after : null
}
