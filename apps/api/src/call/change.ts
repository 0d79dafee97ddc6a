import { randomUUIDv7 } from 'node:crypto'
import {
  type AuditActor,
  type AuditEntry,
  countAdministrators,
  holdActor,
  inTransaction,
  type LockedUser,
  type LockedWorkspace,
  lockInstance,
  lockUser,
  lockWorkspace,
  recordChange,
  sessionEndOf,
  type Transaction,
} from '@roster/db'
import {
  type Actor,
  type ChangingProcedure,
  decide,
  type GuardedProcedure,
  Refused,
  refuse,
  TOUCHES,
  type UserAction,
  visible,
  type WorkspaceAction,
} from '@roster/domain'
import type * as z from 'zod'
import type { Context } from '../context.ts'
import type { Caller } from '../session/sessionOf.ts'
import { actionOf } from './action.ts'
import { authenticated, requireNetwork, requireRole } from './authenticated.ts'
import { askAboutUser, type OrganizationProcedure, type ScopeProcedure, type UserProcedure, type WorkspaceProcedure } from './read.ts'

/** What a change's body gets: one transaction, the actor as they are inside it, and where to report what was done. */
export interface Changing<Input, Prepared = undefined> {
  tx: Transaction
  ctx: Context
  user: Caller
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
  prepare?: (input: z.output<S>, ctx: Context, user: Caller) => Promise<P>
  /** What has to be locked before the actor is held: rows that others lock before they come to the actor's, or the actor's own when it is written. */
  lockFirst?: (tx: Transaction, user: Caller) => Promise<unknown>
  /** The change could leave nobody who can administer: it takes the instance's lock first, and is counted at the end. */
  lowersAdministrators?: boolean
}

/** As for every change; what is prepared knows the target as it was seen before the transaction. */
type UserOptions<S extends z.ZodType, P> = Omit<Options<S, P>, 'prepare'> & {
  prepare?: (input: z.output<S>, ctx: Context, user: Caller, seen: LockedUser) => Promise<P>
}

/** Who acts, for the audit log: somebody through their session. */
export function auditActor(ctx: Pick<Context, 'address'>, user: Caller): AuditActor {
  return { actorId: user.userId, actorName: user.username, through: 'session', throughId: user.sessionId, address: ctx.address }
}

/** The actor, held inside the transaction; whoever was cut off, shut out, or lost the role for the procedure since the call began gets no further. */
export async function hold(tx: Transaction, user: Caller, procedure: GuardedProcedure): Promise<Actor> {
  const actor = await holdActor(tx, user)
  if (!actor) {
    const end = await sessionEndOf(tx, user.sessionId)
    throw end ? refuse('SESSION_ENDED', { reason: end.reason, at: end.at.toISOString() }) : refuse('NOT_SIGNED_IN', {})
  }
  requireNetwork(actor.networks, user.address)
  requireRole(actor, procedure)
  return actor
}

/** Lock the actor's own row, for changes that write it: two who hold it and then want it would wait for each other. */
export function lockSelf(tx: Transaction, { userId, organizationId }: Caller): Promise<unknown> {
  return lockUser(tx, { kind: 'self', organizationId, userId }, userId)
}

/** After a change that could lower it: somebody must still be able to administer the instance. */
export async function keepAdministrator(tx: Transaction): Promise<void> {
  if ((await countAdministrators(tx)) === 0) throw refuse('LAST_ADMINISTRATOR', {})
}

/** The way of every change: asked, prepared, loaded, done, recorded, told. */
export async function runChange<S extends z.ZodType, P, L, O>(
  procedure: ChangingProcedure & (ScopeProcedure | UserProcedure | WorkspaceProcedure | OrganizationProcedure),
  options: Options<S, P>,
  call: { ctx: Context; user: Caller; actor: Actor; input: z.output<S> },
  load: (tx: Transaction) => Promise<{ actor: Actor; loaded: L }>,
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
      const entries: AuditEntry[] = []
      const result = await body(
        { tx, ctx: call.ctx, user: call.user, actor, by, input: call.input, prepared, done: (...more) => entries.push(...more) },
        loaded,
      )
      if (options.lowersAdministrators && entries.length > 0) await keepAdministrator(tx)
      await recordChange(tx, by, procedure, entries, TOUCHES[procedure])
      return result
    },
    call.user.userId,
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

/** A change to one user: locked and loaded once within the visible scope, asked once, handed on. */
export function changeUser<S extends z.ZodType<{ userId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & UserProcedure,
  { prepare, ...options }: UserOptions<S, P>,
  body: (changing: Changing<z.output<S>, P> & { target: LockedUser }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      // Slow work, or a counted try, is not for who is refused anyway: the policy is asked before it, too.
      const asked: Options<S, P> = prepare
        ? { ...options, prepare: async () => prepare(parsed, ctx, ctx.user, await askAboutUser(ctx.services, ctx.actor, procedure, parsed.userId)) }
        : options
      const load = async (tx: Transaction) => {
        const { actor, target } = await holdBoth(tx, { user: ctx.user, seen: ctx.actor, procedure }, parsed.userId)
        if (!target) throw refuse('NOT_FOUND', { what: 'user' })
        const decision = decide(actor, actionOf<UserAction>(procedure), target)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: target }
      }
      return runChange(procedure, asked, { ...ctx, ctx, input: parsed }, load, (changing, target) => body({ ...changing, target }))
    })
}

/**
 * Hold the actor and lock the target. Locks go by id, so that two who act on each other wait instead of deadlocking; the scope that loads the target
 * is the actor's at the call's start, and the decision is by the actor as held.
 */
export async function holdBoth(
  tx: Transaction,
  { user, seen, procedure }: { user: Caller; seen: Actor; procedure: GuardedProcedure },
  targetId: string,
): Promise<{ actor: Actor; target: LockedUser | undefined }> {
  if (targetId <= user.userId) {
    const target = await lockUser(tx, visible(seen, 'user'), targetId)
    return { actor: await hold(tx, user, procedure), target }
  }
  const actor = await hold(tx, user, procedure)
  return { actor, target: await lockUser(tx, visible(actor, 'user'), targetId) }
}

/** A change to one workspace: locked (`share` lets saves of its members go side by side), loaded once within the visible scope, asked once, handed on. */
export function changeWorkspace<S extends z.ZodType<{ workspaceId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & WorkspaceProcedure,
  options: Options<S, P> & { lock: 'share' | 'update' },
  body: (changing: Changing<z.output<S>, P> & { workspace: LockedWorkspace }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      const load = async (tx: Transaction) => {
        const actor = await hold(tx, ctx.user, procedure)
        const workspace = await lockWorkspace(tx, actor.id, visible(actor, 'workspace'), parsed.workspaceId, options.lock)
        if (!workspace) throw refuse('NOT_FOUND', { what: 'workspace' })
        const decision = decide(actor, actionOf<WorkspaceAction>(procedure), workspace)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: workspace }
      }
      return runChange(procedure, options, { ...ctx, ctx, input: parsed }, load, (changing, workspace) => body({ ...changing, workspace }))
    })
}

/** A new id for a batch of changes that belong together. */
export function newBatchId(): string {
  return randomUUIDv7()
}
