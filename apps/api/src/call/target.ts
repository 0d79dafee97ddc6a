import {
  findOrganization,
  findUser,
  findWorkspace,
  type LockedActor,
  type LockedOrganization,
  type LockedUser,
  type LockedWorkspace,
  lockOrganization,
  lockWorkspace,
  type Transaction,
} from '@roster/db'
import {
  type Actor,
  actionKind,
  actionOf,
  authorize,
  type GuardedProcedure,
  type OrganizationAction,
  type PROCEDURES,
  type UserAction,
  visibleScope,
  type WorkspaceAction,
} from '@roster/domain'
import type { Services } from '../server/services.ts'
import type { Principal } from '../session/resolveSession.ts'
import { lockActor, lockActorAndTarget } from './lockActor.ts'

/** The kind of target that a procedure's action has: `scope` when it has no single target. */
export type TargetKind<P extends GuardedProcedure> = (typeof PROCEDURES)[P]['action'] extends UserAction
  ? 'user'
  : (typeof PROCEDURES)[P]['action'] extends WorkspaceAction
    ? 'workspace'
    : (typeof PROCEDURES)[P]['action'] extends OrganizationAction
      ? 'organization'
      : 'scope'

interface Targets {
  user: { target: LockedUser }
  workspace: { workspace: LockedWorkspace }
  organization: { organization: LockedOrganization }
  // biome-ignore lint/complexity/noBannedTypes: nothing is loaded, and `{}` adds nothing to a context.
  scope: {}
}
interface TargetIds {
  user: { userId: string }
  workspace: { workspaceId: string }
  organization: { organizationId: string }
  scope: unknown
}
/** What the base loads for a procedure, and hands to its body. */
export type TargetOf<P extends GuardedProcedure> = Targets[TargetKind<P>]
/** The ids that the input of a procedure has at least. */
export type TargetInput<P extends GuardedProcedure> = TargetIds[TargetKind<P>]

/** The id of the target in an input that the procedure's schema has parsed. */
function idIn(input: unknown, key: 'userId' | 'workspaceId' | 'organizationId'): string {
  return (input as Record<typeof key, string>)[key]
}

/**
 * Finds a procedure's target without a lock, within the actor's visibility, and authorizes the action.
 * @throws NOT_FOUND, ROLE_LACKS_ACTION, TARGET_NOT_ALLOWED
 */
export async function findTarget<P extends GuardedProcedure>(
  { db: { prisma } }: Pick<Services, 'db'>,
  actor: Actor,
  procedure: P,
  input: TargetInput<P>,
): Promise<TargetOf<P>>
export async function findTarget(
  { db: { prisma } }: Pick<Services, 'db'>,
  actor: Actor,
  procedure: GuardedProcedure,
  input: unknown,
): Promise<object> {
  const action = actionOf(procedure)
  switch (actionKind(action)) {
    case 'user': {
      const target = await findUser(prisma, visibleScope(actor, 'user'), idIn(input, 'userId'))
      return { target: authorize(actor, action as UserAction, target) }
    }
    case 'workspace': {
      const scope = visibleScope(actor, 'workspace')
      const workspace = await findWorkspace(prisma, actor.id, scope, idIn(input, 'workspaceId'))
      return { workspace: authorize(actor, action as WorkspaceAction, workspace) }
    }
    case 'organization': {
      const organization = await findOrganization(prisma, visibleScope(actor, 'user'), idIn(input, 'organizationId'))
      return { organization: authorize(actor, action as OrganizationAction, organization) }
    }
    default:
      return {}
  }
}

export interface LockOptions {
  user: Principal
  /** The actor when the call began. */
  expected: Actor
  /** `share` allows concurrent changes of the workspace's members. */
  lock?: 'share' | 'update'
}

/**
 * Locks the actor and a procedure's target, within the actor's visibility, and authorizes the action by the locked
 * rows. An organization is locked before the actor, because locking an actor also locks their organization: two
 * administrators could otherwise deadlock.
 * @throws SESSION_ENDED, NOT_SIGNED_IN, NETWORK_NOT_ALLOWED, SECOND_FACTOR_REQUIRED, NOT_FOUND, ROLE_LACKS_ACTION,
 * TARGET_NOT_ALLOWED
 */
export async function lockTarget<P extends GuardedProcedure>(
  tx: Transaction,
  procedure: P,
  input: TargetInput<P>,
  options: LockOptions,
): Promise<TargetOf<P> & { actor: LockedActor }>
export async function lockTarget(
  tx: Transaction,
  procedure: GuardedProcedure,
  input: unknown,
  { user, expected, lock = 'update' }: LockOptions,
): Promise<object> {
  const action = actionOf(procedure)
  switch (actionKind(action)) {
    case 'user': {
      const found = await lockActorAndTarget(tx, { user, expected, procedure }, idIn(input, 'userId'))
      return { actor: found.actor, target: authorize(found.actor, action as UserAction, found.target) }
    }
    case 'workspace': {
      const actor = await lockActor(tx, user, procedure)
      const scope = visibleScope(actor, 'workspace')
      const workspace = await lockWorkspace(tx, actor.id, scope, idIn(input, 'workspaceId'), lock)
      return { actor, workspace: authorize(actor, action as WorkspaceAction, workspace) }
    }
    case 'organization': {
      const id = idIn(input, 'organizationId')
      const organization = await lockOrganization(tx, visibleScope(expected, 'user'), id, 'update')
      const actor = await lockActor(tx, user, procedure)
      return { actor, organization: authorize(actor, action as OrganizationAction, organization) }
    }
    default:
      return { actor: await lockActor(tx, user, procedure) }
  }
}
