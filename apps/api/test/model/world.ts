import type { ManagerScope, Role } from '@roster/domain'

/** A user of the model. Calls refer to rows by their index in the world. */
export interface ModelUser {
  index: number
  id: string
  username: string
  role: Role
  organizationIndex: number
  status: 'active' | 'suspended' | 'deleted'
  /** Whether the user has a password. A new user with an unused link has none. */
  credential: boolean
}

export interface ModelWorkspace {
  id: string
  name: string
  organizationIndex: number
  members: ReadonlySet<number>
}

export interface ModelOrganization {
  id: string
  suspended: boolean
  managerScope: ManagerScope
}

export interface ModelInvitation {
  id: string
  token: string
  inviterIndex: number
  organizationIndex: number
  role: Role
  workspaceIndexes: readonly number[]
  usesLeft: number
  revoked: boolean
}

/** An import of one user. */
export interface ModelImport {
  id: string
  username: string
  importerIndex: number
  organizationIndex: number
  role: Role
  workspaceIndex: number | null
  /** Whether the row can still be run. */
  pending: boolean
}

/** The expected state of the instance after the calls so far. */
export interface World {
  users: readonly ModelUser[]
  workspaces: readonly ModelWorkspace[]
  organizations: readonly ModelOrganization[]
  invitations: readonly ModelInvitation[]
  imports: readonly ModelImport[]
}

export function withUser(world: World, index: number, change: Partial<ModelUser>): World {
  return { ...world, users: world.users.map((user) => (user.index === index ? { ...user, ...change } : user)) }
}

export function withOrganization(world: World, organizationIndex: number, change: Partial<ModelOrganization>): World {
  return {
    ...world,
    organizations: world.organizations.map((organization, index) =>
      index === organizationIndex ? { ...organization, ...change } : organization,
    ),
  }
}

/** Adds and removes members of one workspace. */
export function withMembers(
  world: World,
  workspaceIndex: number,
  add: readonly number[],
  remove: readonly number[],
): World {
  const changed = (members: ReadonlySet<number>) =>
    new Set([...[...members].filter((index) => !remove.includes(index)), ...add])
  return {
    ...world,
    workspaces: world.workspaces.map((workspace, index) =>
      index === workspaceIndex ? { ...workspace, members: changed(workspace.members) } : workspace,
    ),
  }
}

/** Removes a user from every workspace. */
export function withoutMemberships(world: World, userIndex: number): World {
  return world.workspaces.reduce((next, _, workspaceIndex) => withMembers(next, workspaceIndex, [], [userIndex]), world)
}

/** Adds a user. Only the answer contains the id and username: see `withNewUserIdentity`. */
export function withNewUser(world: World, fields: Pick<ModelUser, 'role' | 'organizationIndex' | 'credential'>): World {
  return {
    ...world,
    users: [...world.users, { index: world.users.length, id: '', username: '', status: 'active', ...fields }],
  }
}

export function withNewUserIdentity(world: World, identity: Pick<ModelUser, 'id' | 'username'>): World {
  return { ...world, users: world.users.map((user) => (user.id === '' ? { ...user, ...identity } : user)) }
}

export function withInvitation(world: World, invitationIndex: number, change: Partial<ModelInvitation>): World {
  return {
    ...world,
    invitations: world.invitations.map((invitation, index) =>
      index === invitationIndex ? { ...invitation, ...change } : invitation,
    ),
  }
}

/** Revokes all invitations of one inviter; later changes to the inviter don't bring them back. */
export function withoutInvitations(world: World, inviterIndex: number): World {
  const revoke = (invitation: ModelInvitation) =>
    invitation.inviterIndex === inviterIndex ? { ...invitation, revoked: true } : invitation
  return { ...world, invitations: world.invitations.map(revoke) }
}
