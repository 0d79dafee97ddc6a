import {
  type Actor,
  ALLOWED_BEFORE_PASSWORD_CHANGE,
  ALLOWED_BEFORE_SECOND_FACTOR,
  decideRole,
  type GuardedProcedure,
  type GuardedRoute,
  PROCEDURE_ACTION,
  Refused,
  ROUTE_ACTION,
  refuse,
} from '@roster/domain'
import type { Context } from '../context.ts'
import { isInNetworks } from '../security/network.ts'
import type { Principal } from '../session/resolveSession.ts'
import { t } from '../trpc.ts'
import { reported } from './report.ts'

/** What is guarded by a session and a row of the policy. */
export type Guarded = GuardedProcedure | GuardedRoute

function isAmong(few: readonly GuardedProcedure[], procedure: Guarded): boolean {
  return (few as readonly Guarded[]).includes(procedure)
}

/** The caller as their session's row says; changes ask the database again, inside their transaction. */
export function actorOf(user: Principal): Actor {
  return { id: user.userId, role: user.role, organizationId: user.organizationId, managerScope: user.managerScope }
}

/** Refuse whoever's role may not come from where they are. @throws NETWORK_NOT_ALLOWED */
export function requireNetwork(networks: readonly string[] | null, address: string): void {
  if (!isInNetworks(networks, address)) throw refuse('NETWORK_NOT_ALLOWED', { address })
}

/** Refuse whoever has to have a second factor and has none, but what it takes to set one up. @throws SECOND_FACTOR_REQUIRED */
export function requireFactor({ factorRequired }: { factorRequired: boolean }, procedure: Guarded): void {
  if (factorRequired && !isAmong(ALLOWED_BEFORE_SECOND_FACTOR, procedure)) throw refuse('SECOND_FACTOR_REQUIRED', {})
}

/** The session a call needs, or the refusal that says why there is none. */
export async function requireSession(ctx: Pick<Context, 'session'>, procedure: Guarded): Promise<Principal> {
  const state = await ctx.session()
  if (state.kind === 'ended') throw refuse('SESSION_ENDED', { reason: state.reason, at: state.at.toISOString() })
  if (state.kind === 'none') throw refuse('NOT_SIGNED_IN', {})
  if (state.user.passwordChangeRequired && !isAmong(ALLOWED_BEFORE_PASSWORD_CHANGE, procedure)) throw refuse('PASSWORD_CHANGE_REQUIRED', {})
  if (procedure !== 'session.signOut') requireNetwork(state.user.networks, state.user.address)
  requireFactor(state.user, procedure)
  return state.user
}

/** A procedure behind a session: 401 comes before anything is said of the input. */
export function authenticated(procedure: GuardedProcedure) {
  return t.procedure.meta({ procedure }).use((call) =>
    reported(call, async () => {
      const user = await requireSession(call.ctx, procedure)
      return call.next({ ctx: { user, actor: actorOf(user) } })
    }),
  )
}

const ASKS = { ...PROCEDURE_ACTION, ...ROUTE_ACTION }

/** Refuse when the role has no relation at all for the procedure's action: asked after the input's shape, before any target is loaded. */
export function requireRole(actor: Actor, procedure: Guarded): void {
  const decision = decideRole(actor.role, ASKS[procedure])
  if (!decision.allowed) throw new Refused(decision.refusal)
}
