import type { ManagerScope, Role } from '@roster/domain'

/** A person as the contract speaks of them; `index` is their place in the cast, by which calls name them. */
export interface ModelUser {
  index: number
  id: string
  username: string
  role: Role
  organization: number
  status: 'active' | 'suspended' | 'deleted'
  /** Whether they could sign in by themselves: a newcomer with a link can't yet. */
  credential: boolean
}

export interface Place {
  id: string
  name: string
  organization: number
  members: ReadonlySet<number>
}

export interface Tenant {
  id: string
  suspended: boolean
  managerScope: ManagerScope
}

/** An invitation, and how often it was used. */
export interface Invitation {
  id: string
  token: string
  inviter: number
  organization: number
  role: Role
  places: readonly number[]
  left: number
  revoked: boolean
}

/** An import of one person, and whether that is still to be tried. */
export interface Import {
  id: string
  username: string
  importer: number
  organization: number
  role: Role
  place: number | null
  waiting: boolean
}

/** What has to be true of the instance after the calls so far: who there is, with what role, where. */
export interface World {
  users: readonly ModelUser[]
  places: readonly Place[]
  tenants: readonly Tenant[]
  invitations: readonly Invitation[]
  imports: readonly Import[]
}

/** The world with one person changed. */
export function withUser(world: World, index: number, change: Partial<ModelUser>): World {
  return { ...world, users: world.users.map((user) => (user.index === index ? { ...user, ...change } : user)) }
}

/** The world with one organization changed. */
export function withTenant(world: World, at: number, change: Partial<Tenant>): World {
  return { ...world, tenants: world.tenants.map((tenant, index) => (index === at ? { ...tenant, ...change } : tenant)) }
}

/** The world after people came into a workspace and others went. */
export function withMembers(world: World, at: number, add: readonly number[], remove: readonly number[]): World {
  const changed = (members: ReadonlySet<number>) => new Set([...[...members].filter((index) => !remove.includes(index)), ...add])
  return { ...world, places: world.places.map((place, index) => (index === at ? { ...place, members: changed(place.members) } : place)) }
}

/** The world after somebody is in no workspace any more. */
export function withoutMemberships(world: World, index: number): World {
  return world.places.reduce((now, _, at) => withMembers(now, at, [], [index]), world)
}

/** The world with one more person, whose id and name are told by the answer. */
export function withNewcomer(world: World, given: Pick<ModelUser, 'role' | 'organization' | 'credential'>): World {
  return { ...world, users: [...world.users, { index: world.users.length, id: '', username: '', status: 'active', ...given }] }
}

/** The world once the newcomer's id and name are known. */
export function knowNewcomer(world: World, told: Pick<ModelUser, 'id' | 'username'>): World {
  return { ...world, users: world.users.map((user) => (user.id === '' ? { ...user, ...told } : user)) }
}

/** The world with one invitation changed. */
export function withInvitation(world: World, at: number, change: Partial<Invitation>): World {
  return { ...world, invitations: world.invitations.map((invitation, index) => (index === at ? { ...invitation, ...change } : invitation)) }
}

/** The world after nobody can use what somebody invited to any more, whatever becomes of them. */
export function withoutInvitations(world: World, inviter: number): World {
  const over = (invitation: Invitation) => (invitation.inviter === inviter ? { ...invitation, revoked: true } : invitation)
  return { ...world, invitations: world.invitations.map(over) }
}
