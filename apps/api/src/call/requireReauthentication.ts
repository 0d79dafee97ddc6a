import { findFactorMethods, type LockedActor, type Transaction } from '@roster/db'
import { refuse } from '@roster/domain'

/** Requires a recent reauthentication. @throws REAUTHENTICATION_REQUIRED with the methods the user can use */
export async function requireReauthentication(tx: Transaction, actor: LockedActor): Promise<void> {
  if (actor.isReauthenticated) return
  const { totp, passkey, recovery } = await findFactorMethods(tx, actor.id)
  const methods = [
    ...(passkey ? (['passkey'] as const) : []),
    ...(totp || recovery ? (['code'] as const) : []),
    'password' as const,
  ]
  throw refuse('REAUTHENTICATION_REQUIRED', { methods })
}
