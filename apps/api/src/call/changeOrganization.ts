import { type LockedOrganization, lockOrganization, type Transaction } from '@roster/db'
import { type ChangingProcedure, decide, type OrganizationAction, Refused, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type ChangeContext, type ChangeOptions, runChange } from './change.ts'
import { lockActor } from './lockActor.ts'
import type { OrganizationProcedure } from './read.ts'

/**
 * A change to one organization: lock and load it within the actor's visibility, then check the policy once. The
 * organization is locked before the actor, because locking an actor also locks their organization: two administrators
 * could otherwise deadlock.
 */
export function changeOrganization<S extends z.ZodType<{ organizationId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & OrganizationProcedure,
  options: ChangeOptions<S, P>,
  body: (change: ChangeContext<z.output<S>, P> & { organization: LockedOrganization }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      const load = async (tx: Transaction) => {
        const organization = await lockOrganization(
          tx,
          visibleScope(ctx.actor, 'user'),
          parsed.organizationId,
          'update',
        )
        const actor = await lockActor(tx, ctx.user, procedure)
        if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
        const decision = decide(actor, actionOf<OrganizationAction>(procedure), organization)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: organization }
      }
      return runChange(procedure, options, { ...ctx, ctx, input: parsed }, load, (change, organization) =>
        body({ ...change, organization }),
      )
    })
}
