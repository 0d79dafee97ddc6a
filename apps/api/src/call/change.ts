import {
  type AuditActor,
  type AuditEntry,
  inTransaction,
  type LockedActor,
  lockInstance,
  recordChange,
  type Transaction,
} from '@roster/db'
import { type Actor, type ChangingProcedure, INVALIDATES } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from '../session/resolveSession.ts'
import { authenticated, requireRole } from './authenticated.ts'
import type { Context } from './context.ts'
import { auditActor, lockActor } from './lockActor.ts'
import type { OrganizationProcedure, ScopeProcedure, UserProcedure, WorkspaceProcedure } from './read.ts'
import { requireAdministrator } from './requireAdministrator.ts'
import { requireReauthentication } from './requireReauthentication.ts'

/** The arguments of a change's body. */
export interface ChangeContext<Input, Prepared = undefined> {
  tx: Transaction
  ctx: Context
  user: Principal
  /** The actor as locked inside the transaction. */
  actor: Actor
  by: AuditActor
  input: Input
  prepared: Prepared
  /**
   * Records audit entries. They commit with the change and are published to the other nodes. Not called without a
   * change.
   */
  done: (...entries: AuditEntry[]) => void
}

export interface ChangeOptions<S extends z.ZodType, P> {
  input: S
  /**
   * Slow work, such as hashing, that must not run in a transaction. Runs after the role check and before the
   * transaction.
   */
  prepare?: (input: z.output<S>, ctx: Context, user: Principal) => Promise<P>
  /** Locks to take before the actor's row, to keep the lock order that prevents deadlocks. */
  lockFirst?: (tx: Transaction, user: Principal) => Promise<unknown>
  /** The change can reduce the number of administrators: lock the instance first and count them at the end. */
  lowersAdministrators?: boolean
  /** The change touches very many rows, such as all users of an organization, and may take minutes. */
  isLarge?: boolean
  /** Requires a recent reauthentication, checked inside the transaction after the policy. */
  stepUp?: boolean
}

/** Runs a change: check the role, prepare, lock and load, run the body, write the audit events, publish. */
export async function runChange<S extends z.ZodType, P, L, O>(
  procedure: ChangingProcedure & (ScopeProcedure | UserProcedure | WorkspaceProcedure | OrganizationProcedure),
  options: ChangeOptions<S, P>,
  call: { ctx: Context; user: Principal; actor: Actor; input: z.output<S> },
  load: (tx: Transaction) => Promise<{ actor: LockedActor; loaded: L }>,
  body: (change: ChangeContext<z.output<S>, P>, loaded: L) => Promise<O>,
): Promise<O> {
  requireRole(call.actor, procedure)
  const prepared = (await options.prepare?.(call.input, call.ctx, call.user)) as P
  const by = auditActor(call.ctx, call.user)
  const output = await inTransaction(
    call.ctx.services.db.prisma,
    async (tx) => {
      if (options.lowersAdministrators) await lockInstance(tx)
      await options.lockFirst?.(tx, call.user)
      const { actor, loaded } = await load(tx)
      if (options.stepUp) await requireReauthentication(tx, actor)
      const entries: AuditEntry[] = []
      const result = await body(
        {
          tx,
          ctx: call.ctx,
          user: call.user,
          actor,
          by,
          input: call.input,
          prepared,
          done: (...more) => entries.push(...more),
        },
        loaded,
      )
      if (options.lowersAdministrators && entries.length > 0) await requireAdministrator(tx)
      await recordChange(tx, by, procedure, entries, INVALIDATES[procedure])
      return result
    },
    call.user.userId,
    options.isLarge ? { isLarge: true } : {},
  )
  call.ctx.services.hub.wake()
  return output
}

/** A change without a single target. */
export function change<S extends z.ZodType, O, P = undefined>(
  procedure: ChangingProcedure & ScopeProcedure,
  options: ChangeOptions<S, P>,
  body: (change: ChangeContext<z.output<S>, P>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(
      ({ ctx, input }): Promise<O> =>
        runChange(
          procedure,
          options,
          { ...ctx, ctx, input: input as z.output<S> },
          async (tx) => ({ actor: await lockActor(tx, ctx.user, procedure), loaded: undefined }),
          body,
        ),
    )
}
