import { type AuditActor, type AuditEntry, inTransaction, type LockedActor, lockInstance, recordChange, type Transaction } from '@roster/db'
import { type Actor, type ChangingProcedure, INVALIDATES } from '@roster/domain'
import type * as z from 'zod'
import type { Context } from '../context.ts'
import type { Principal } from '../session/sessionOf.ts'
import { authenticated, requireRole } from './authenticated.ts'
import { keepAdministrator } from './keepAdministrator.ts'
import { auditActor, hold } from './lockActor.ts'
import type { OrganizationProcedure, ScopeProcedure, UserProcedure, WorkspaceProcedure } from './read.ts'
import { requireReauthentication } from './requireReauthentication.ts'

/** What a change's body gets: one transaction, the actor as they are inside it, and where to report what was done. */
export interface Changing<Input, Prepared = undefined> {
  tx: Transaction
  ctx: Context
  user: Principal
  actor: Actor
  by: AuditActor
  input: Input
  prepared: Prepared
  /** Report what was done; written with the change, and told to other nodes and consoles. A change that changed nothing reports nothing. */
  done: (...entries: AuditEntry[]) => void
}

export interface Options<S extends z.ZodType, P> {
  input: S
  /** Slow work (hashing) that must not hold a transaction; runs after the role was asked, before the transaction. */
  prepare?: (input: z.output<S>, ctx: Context, user: Principal) => Promise<P>
  /** What has to be locked before the actor is held: rows that others lock before they come to the actor's, or the actor's own when it is written. */
  lockFirst?: (tx: Transaction, user: Principal) => Promise<unknown>
  /** The change could leave nobody who can administer: it takes the instance's lock first, and is counted at the end. */
  lowersAdministrators?: boolean
  /** The change goes over very many rows, such as all the people of an organization: it may take minutes. */
  isLarge?: boolean
  /** The change wants a fresh proof of who makes it: asked for once the policy allows it, inside the transaction. */
  stepUp?: boolean
}

/** The way of every change: asked, prepared, loaded, done, recorded, told. */
export async function runChange<S extends z.ZodType, P, L, O>(
  procedure: ChangingProcedure & (ScopeProcedure | UserProcedure | WorkspaceProcedure | OrganizationProcedure),
  options: Options<S, P>,
  call: { ctx: Context; user: Principal; actor: Actor; input: z.output<S> },
  load: (tx: Transaction) => Promise<{ actor: LockedActor; loaded: L }>,
  body: (changing: Changing<z.output<S>, P>, loaded: L) => Promise<O>,
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
        { tx, ctx: call.ctx, user: call.user, actor, by, input: call.input, prepared, done: (...more) => entries.push(...more) },
        loaded,
      )
      if (options.lowersAdministrators && entries.length > 0) await keepAdministrator(tx)
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
  options: Options<S, P>,
  body: (changing: Changing<z.output<S>, P>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(
      ({ ctx, input }): Promise<O> =>
        runChange(
          procedure,
          options,
          { ...ctx, ctx, input: input as z.output<S> },
          async (tx) => ({ actor: await hold(tx, ctx.user, procedure), loaded: undefined }),
          body,
        ),
    )
}
