import type { LockedUser, Transaction } from '@roster/db'
import { type ChangingProcedure, decide, Refused, refuse, type UserAction } from '@roster/domain'
import type * as z from 'zod'
import type { Context } from '../context.ts'
import type { Principal } from '../session/sessionOf.ts'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type Changing, type Options, runChange } from './change.ts'
import { lockBoth } from './lockActor.ts'
import { askAboutUser, type UserProcedure } from './read.ts'

/** As for every change; what is prepared knows the target as it was seen before the transaction. */
type UserOptions<S extends z.ZodType, P> = Omit<Options<S, P>, 'prepare'> & {
  prepare?: (input: z.output<S>, ctx: Context, user: Principal, expected: LockedUser) => Promise<P>
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
        const { actor, target } = await lockBoth(tx, { user: ctx.user, expected: ctx.actor, procedure }, parsed.userId)
        if (!target) throw refuse('NOT_FOUND', { what: 'user' })
        const decision = decide(actor, actionOf<UserAction>(procedure), target)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: target }
      }
      return runChange(procedure, asked, { ...ctx, ctx, input: parsed }, load, (changing, target) => body({ ...changing, target }))
    })
}
