import type { LockedUser, Transaction } from '@roster/db'
import { type ChangingProcedure, decide, Refused, refuse, type UserAction } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from '../session/resolveSession.ts'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type ChangeContext, type ChangeOptions, runChange } from './change.ts'
import type { Context } from './context.ts'
import { lockActorAndTarget } from './lockActor.ts'
import { findPermittedUser, type UserProcedure } from './read.ts'

/** `prepare` also gets the target as loaded before the transaction. */
type UserChangeOptions<S extends z.ZodType, P> = Omit<ChangeOptions<S, P>, 'prepare'> & {
  prepare?: (input: z.output<S>, ctx: Context, user: Principal, expected: LockedUser) => Promise<P>
}

/** A change to one user: lock and load the target within the actor's visibility, then check the policy once. */
export function changeUser<S extends z.ZodType<{ userId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & UserProcedure,
  { prepare, ...options }: UserChangeOptions<S, P>,
  body: (change: ChangeContext<z.output<S>, P> & { target: LockedUser }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      // Slow work and counted attempts must not run for a refused call, so the policy is also checked before them.
      const checkedOptions: ChangeOptions<S, P> = prepare
        ? {
            ...options,
            prepare: async () =>
              prepare(
                parsed,
                ctx,
                ctx.user,
                await findPermittedUser(ctx.services, ctx.actor, procedure, parsed.userId),
              ),
          }
        : options
      const load = async (tx: Transaction) => {
        const { actor, target } = await lockActorAndTarget(
          tx,
          { user: ctx.user, expected: ctx.actor, procedure },
          parsed.userId,
        )
        if (!target) throw refuse('NOT_FOUND', { what: 'user' })
        const decision = decide(actor, actionOf<UserAction>(procedure), target)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: target }
      }
      return runChange(procedure, checkedOptions, { ...ctx, ctx, input: parsed }, load, (change, target) =>
        body({ ...change, target }),
      )
    })
}
