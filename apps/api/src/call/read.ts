import { type Actor, actionOf, authorizeRole, type GuardedProcedure } from '@roster/domain'
import type * as z from 'zod'
import type { Services } from '../server/services.ts'
import type { Principal } from '../session/resolveSession.ts'
import { authenticated } from './authenticated.ts'
import { findTarget, type TargetInput, type TargetOf } from './target.ts'

/** The arguments of a read's body, beside its target. */
export interface ReadContext<Input> {
  services: Services
  actor: Actor
  user: Principal
  input: Input
}

/**
 * A read. Its target is loaded within the actor's visibility and authorized once; a read without a single target must
 * filter by the actor's visibility.
 */
export function read<P extends GuardedProcedure, S extends z.ZodType<TargetInput<P>>, O>(
  procedure: P,
  schema: S,
  body: (context: ReadContext<z.output<S>> & TargetOf<P>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .query(async ({ ctx, input }): Promise<O> => {
      const { services, actor, user } = ctx
      authorizeRole(actor, actionOf(procedure))
      const parsed = input as z.output<S>
      const target = await findTarget(services, actor, procedure, parsed)
      return body({ services, actor, user, input: parsed, ...target })
    })
}
