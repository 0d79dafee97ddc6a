import { type LockedOrganization, lockOrganization, type Transaction } from '@roster/db'
import { type ChangingProcedure, decide, type OrganizationAction, Refused, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type Changing, type Options, runChange } from './change.ts'
import { hold } from './lockActor.ts'
import type { OrganizationProcedure } from './read.ts'

/**
 * A change to one organization: locked, loaded once within the visible scope, asked once, handed on. The lock comes before the actor is held, whose
 * own organization it may be: two who hold it and then want it would wait for each other.
 */
export function changeOrganization<S extends z.ZodType<{ organizationId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & OrganizationProcedure,
  options: Options<S, P>,
  body: (changing: Changing<z.output<S>, P> & { organization: LockedOrganization }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      const load = async (tx: Transaction) => {
        const organization = await lockOrganization(tx, visibleScope(ctx.actor, 'user'), parsed.organizationId, 'update')
        const actor = await hold(tx, ctx.user, procedure)
        if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
        const decision = decide(actor, actionOf<OrganizationAction>(procedure), organization)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: organization }
      }
      return runChange(procedure, options, { ...ctx, ctx, input: parsed }, load, (changing, organization) => body({ ...changing, organization }))
    })
}
