import { type AuditActor, type LockedActor, type LockedUser, lockActorRow, lockUser, sessionEndOf, type Transaction } from '@roster/db'
import { type Actor, type GuardedProcedure, refuse, visibleScope } from '@roster/domain'
import type { Context } from '../context.ts'
import type { Principal } from '../session/sessionOf.ts'
import { type Guarded, requireFactor, requireNetwork, requireRole } from './authenticated.ts'

/** Who acts, for the audit log: somebody through their session. */
export function auditActor(ctx: Pick<Context, 'address'>, user: Principal): AuditActor {
  return { actorId: user.userId, actorName: user.username, through: 'session', throughId: user.sessionId, address: ctx.address }
}

/** The actor, held inside the transaction; whoever was cut off, shut out, or lost the role for the procedure since the call began gets no further. */
export async function hold(tx: Transaction, user: Principal, procedure: Guarded): Promise<LockedActor> {
  const actor = await lockActorRow(tx, user)
  if (!actor) {
    const end = await sessionEndOf(tx, user.sessionId)
    throw end ? refuse('SESSION_ENDED', { reason: end.reason, at: end.at.toISOString() }) : refuse('NOT_SIGNED_IN', {})
  }
  requireNetwork(actor.networks, user.address)
  requireFactor(actor, procedure)
  requireRole(actor, procedure)
  return actor
}

/** Lock the actor's own row, for changes that write it: two who hold it and then want it would wait for each other. */
export function lockSelf(tx: Transaction, { userId, organizationId }: Principal): Promise<unknown> {
  return lockUser(tx, { kind: 'self', organizationId, userId }, userId)
}

/**
 * Hold the actor and lock the target. Locks go by id, so that two who act on each other wait instead of deadlocking; the scope that loads the target
 * is the actor's at the call's start, and the decision is by the actor as held.
 */
export async function lockBoth(
  tx: Transaction,
  { user, expected, procedure }: { user: Principal; expected: Actor; procedure: GuardedProcedure },
  targetId: string,
): Promise<{ actor: LockedActor; target: LockedUser | undefined }> {
  if (targetId <= user.userId) {
    const target = await lockUser(tx, visibleScope(expected, 'user'), targetId)
    return { actor: await hold(tx, user, procedure), target }
  }
  const actor = await hold(tx, user, procedure)
  return { actor, target: await lockUser(tx, visibleScope(actor, 'user'), targetId) }
}
