import { type Actor, actionOf, authorizeRole, type ChangingProcedure } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from '../session/resolveSession.ts'
import { authenticated } from './authenticated.ts'
import type { Context } from './context.ts'

/**
 * A mutation without a single target that runs its own units of work, such as one for each row. Each of them must lock
 * the actor again.
 */
export function perform<S extends z.ZodType, O>(
  procedure: ChangingProcedure,
  schema: S,
  body: (ctx: Context & { user: Principal; actor: Actor }, input: z.output<S>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .mutation(({ ctx, input }): Promise<O> => {
      authorizeRole(ctx.actor, actionOf(procedure))
      return body(ctx, input as z.output<S>)
    })
}
