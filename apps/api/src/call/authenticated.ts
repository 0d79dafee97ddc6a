import { type Actor, type GuardedProcedure, type GuardedRoute, isAllowedBefore, refuse } from '@roster/domain'
import { isInNetworks } from '../security/network.ts'
import type { Principal } from '../session/resolveSession.ts'
import { t } from '../trpc.ts'
import type { Context } from './context.ts'
import { reportCall } from './report.ts'

/** A procedure or route that needs a session and a row of the policy. */
export type Guarded = GuardedProcedure | GuardedRoute

/** The actor of a session. Changes load the actor again inside their transaction. */
export function principalActor(user: Principal): Actor {
  return { id: user.userId, role: user.role, organizationId: user.organizationId, managerScope: user.managerScope }
}

/** Requires an address in the networks of the role. @throws NETWORK_NOT_ALLOWED */
export function requireNetwork(networks: readonly string[] | null, address: string): void {
  if (!isInNetworks(networks, address)) throw refuse('NETWORK_NOT_ALLOWED', { address })
}

/** Refuses a user without their required second factor, except for the calls that set one up. @throws SECOND_FACTOR_REQUIRED */
export function requireFactor({ factorRequired }: { factorRequired: boolean }, procedure: Guarded): void {
  if (factorRequired && !isAllowedBefore('factor', procedure)) throw refuse('SECOND_FACTOR_REQUIRED', {})
}

/**
 * The session of a call.
 * @throws SESSION_ENDED, NOT_SIGNED_IN, PASSWORD_CHANGE_REQUIRED, NETWORK_NOT_ALLOWED, SECOND_FACTOR_REQUIRED
 */
export async function requireSession(ctx: Pick<Context, 'session'>, procedure: Guarded): Promise<Principal> {
  const state = await ctx.session()
  if (state.kind === 'ended') throw refuse('SESSION_ENDED', { reason: state.reason, at: state.at.toISOString() })
  if (state.kind === 'none') throw refuse('NOT_SIGNED_IN', {})
  if (state.user.passwordChangeRequired && !isAllowedBefore('password', procedure))
    throw refuse('PASSWORD_CHANGE_REQUIRED', {})
  if (procedure !== 'session.signOut') requireNetwork(state.user.networks, state.user.address)
  requireFactor(state.user, procedure)
  return state.user
}

/** A procedure that needs a session. The session is checked before the input is parsed, so 401 precedes 400. */
export function authenticated(procedure: GuardedProcedure) {
  return t.procedure.meta({ procedure }).use((call) =>
    reportCall(call, async () => {
      const user = await requireSession(call.ctx, procedure)
      return call.next({ ctx: { user, actor: principalActor(user) } })
    }),
  )
}
