import { type AuditActor, type AuditEntry, commit, lockInstance, type Transaction, type Unit } from '@roster/db'
import { type Actor, type AuditedProcedure, actionOf, authorizeRole, type ChangingProcedure } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from '../session/resolveSession.ts'
import { authenticated } from './authenticated.ts'
import type { Context } from './context.ts'
import { auditActor } from './lockActor.ts'
import { requireAdministrator } from './requireAdministrator.ts'
import { requireReauthentication } from './requireReauthentication.ts'
import { findTarget, lockTarget, type TargetInput, type TargetKind, type TargetOf } from './target.ts'

/** The arguments of a change's body, beside its target. */
export interface ChangeContext<Input, Prepared = undefined> {
  tx: Transaction
  ctx: Context
  user: Principal
  /** The actor as locked inside the transaction. */
  actor: Actor
  input: Input
  prepared: Prepared
  /** Records the change, under the procedure's name. Not called when nothing changed. See `Unit` in @roster/db. */
  record: (...entries: AuditEntry[]) => void
  /** The unit of work, for a change that records other actions too. */
  unit: Unit
  by: AuditActor
}

/** A procedure without an audit event of its own can't record under its name. */
type Recording<P> = P extends AuditedProcedure ? unknown : { record: never }

/** The options of a change. */
export type ChangeOptions<P extends ChangingProcedure, S, X> = {
  input: S
  /**
   * Slow work, such as hashing, that must not run in a transaction. Runs after the policy allowed the call, and before
   * the transaction. `expected`: the target, as loaded without a lock.
   */
  prepare?: (input: z.output<S>, ctx: Context, user: Principal, expected: TargetOf<P>) => Promise<X>
  /** Locks to take before the actor's row, to keep the lock order that prevents deadlocks. */
  lockFirst?: (tx: Transaction, user: Principal) => Promise<unknown>
  /** The change can reduce the number of administrators: lock the instance first and count them at the end. */
  lowersAdministrators?: boolean
  /** The change touches very many rows, such as all users of an organization, and may take minutes. */
  isLarge?: boolean
  /** Requires a recent reauthentication, checked inside the transaction after the policy. */
  stepUp?: boolean
} & (TargetKind<P> extends 'workspace' ? { lock: 'share' | 'update' } : { lock?: never })

/**
 * A change in one unit of work: check the role, prepare, lock the actor and the target, authorize, run the body, write
 * audit and outbox events, deliver.
 */
export function change<P extends ChangingProcedure, S extends z.ZodType<TargetInput<P>>, O, X = undefined>(
  procedure: P,
  options: ChangeOptions<P, S, X>,
  body: (change: ChangeContext<z.output<S>, X> & TargetOf<P> & Recording<P>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(async ({ ctx, input: parsed }): Promise<O> => {
      const { services, user, actor: expected } = ctx
      const input = parsed as z.output<S>
      authorizeRole(expected, actionOf(procedure))
      const { prepare } = options
      const prepared = (
        prepare ? await prepare(input, ctx, user, await findTarget(services, expected, procedure, input)) : undefined
      ) as X
      const by = auditActor(ctx, user)
      const { lowersAdministrators = false, isLarge = false } = options
      return commit(services, { key: user.userId, isLarge }, async (unit) => {
        const { tx } = unit
        if (lowersAdministrators) await lockInstance(tx)
        await options.lockFirst?.(tx, user)
        const locked = await lockTarget(tx, procedure, input, {
          user,
          expected,
          ...(options.lock ? { lock: options.lock } : {}),
        })
        if (options.stepUp) await requireReauthentication(tx, locked.actor)
        const record = (...entries: AuditEntry[]) => unit.record(by, procedure as AuditedProcedure, ...entries)
        const context = { ...locked, tx, ctx, user, input, prepared, record, unit, by }
        const result = await body(context as Parameters<typeof body>[0])
        if (lowersAdministrators && unit.changed) await requireAdministrator(tx)
        return result
      })
    })
}
