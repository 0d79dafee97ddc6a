import { factorWays, type LockedActor, type Transaction } from '@roster/db'
import { refuse } from '@roster/domain'

/** Refuse whoever did not prove lately who they are, saying by what they can. @throws REAUTHENTICATION_REQUIRED */
export async function requireReauthentication(tx: Transaction, actor: LockedActor): Promise<void> {
  if (actor.isReauthenticated) return
  const { totp, passkey, recovery } = await factorWays(tx, actor.id)
  const methods = [...(passkey ? (['passkey'] as const) : []), ...(totp || recovery ? (['code'] as const) : []), 'password' as const]
  throw refuse('REAUTHENTICATION_REQUIRED', { methods })
}
