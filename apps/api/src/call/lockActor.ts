import {
  type AuditActor,
  findSessionEndById,
  type LockedActor,
  type LockedUser,
  lockPrincipal,
  lockUser,
  type Transaction,
} from '@roster/db'
import { type Actor, actionOf, authorizeRole, type GuardedProcedure, refuse, visibleScope } from '@roster/domain'
import type { Principal } from '../session/resolveSession.ts'
import { type Guarded, requireFactor, requireNetwork } from './authenticated.ts'
import type { Context } from './context.ts'

/** The actor of audit events: a user through their session. */
export function auditActor(ctx: Pick<Context, 'address'>, user: Principal): AuditActor {
  return {
    actorId: user.userId,
    actorName: user.username,
    through: 'session',
    throughId: user.sessionId,
    address: ctx.address,
  }
}

/**
 * Locks the actor, and checks their session, network, second factor and role again. Any of them may have changed since
 * the call began.
 * @throws SESSION_ENDED, NOT_SIGNED_IN, NETWORK_NOT_ALLOWED, SECOND_FACTOR_REQUIRED, ROLE_LACKS_ACTION
 */
export async function lockActor(tx: Transaction, user: Principal, procedure: Guarded): Promise<LockedActor> {
  const actor = await lockPrincipal(tx, user)
  if (!actor) {
    const end = await findSessionEndById(tx, user.sessionId)
    throw end ? refuse('SESSION_ENDED', { reason: end.reason, at: end.at.toISOString() }) : refuse('NOT_SIGNED_IN', {})
  }
  requireNetwork(actor.networks, user.address)
  requireFactor(actor, procedure)
  authorizeRole(actor, actionOf(procedure))
  return actor
}

/**
 * Locks the actor's own row for writing, before `lockActor` takes a shared lock: two calls that upgrade the same lock
 * would deadlock.
 */
export function lockSelf(tx: Transaction, { userId, organizationId }: Principal): Promise<unknown> {
  return lockUser(tx, { kind: 'self', organizationId, userId }, userId)
}

/**
 * Locks actor and target in the order of their ids. Two users who change each other at the same time then can't
 * deadlock. A target that is locked first is loaded by the visibility at the start of the call; the policy then decides
 * by the locked actor.
 */
export async function lockActorAndTarget(
  tx: Transaction,
  { user, expected, procedure }: { user: Principal; expected: Actor; procedure: GuardedProcedure },
  targetId: string,
): Promise<{ actor: LockedActor; target: LockedUser | undefined }> {
  if (targetId <= user.userId) {
    const target = await lockUser(tx, visibleScope(expected, 'user'), targetId)
    return { actor: await lockActor(tx, user, procedure), target }
  }
  const actor = await lockActor(tx, user, procedure)
  return { actor, target: await lockUser(tx, visibleScope(actor, 'user'), targetId) }
}
