import { type Challenge, claimRecoveryCode, claimTotpStep, findPasskey, findTotp, type Transaction, usePasskey } from '@roster/db'
import { type ConfirmFactor, type PasskeyAssertion, refuse } from '@roster/domain'
import type { Context } from '../context.ts'
import { openSecret } from '../secret/secrets.ts'
import { verifyAssertion } from './passkey.ts'
import { hashRecoveryCode } from './recoveryCode.ts'
import { relyingPartyOf } from './relyingParty.ts'
import { verifyTotp } from './totp.ts'

/**
 * Take a second factor of a locked user, used up in the caller's transaction: a code works once, whatever the parallelism.
 * @throws INVALID_CODE, PASSKEY_REFUSED, PASSKEYS_UNAVAILABLE
 */
export async function verifyFactor(
  ctx: Context,
  tx: Transaction,
  userId: string,
  given: ConfirmFactor,
  { begun, isVerified = false }: { begun: Pick<Challenge, 'challenge'> | undefined; isVerified?: boolean },
): Promise<void> {
  if (given.kind === 'code') return claimCode(ctx, tx, userId, given.code)
  if (!begun?.challenge) throw refuse('CHALLENGE_EXPIRED', {})
  await claimPasskey(ctx, tx, userId, given.assertion, { challenge: begun.challenge, isVerified })
}

async function claimCode({ services }: Context, tx: Transaction, userId: string, code: string): Promise<void> {
  if (code.length !== 6) {
    if (!(await claimRecoveryCode(tx, userId, hashRecoveryCode(userId, code)))) throw refuse('INVALID_CODE', {})
    return
  }
  const totp = await findTotp(tx, userId)
  const step = totp ? verifyTotp(openSecret(services, totp.secret, `totp:${userId}`), code, totp.lastStep) : null
  if (step === null || !(await claimTotpStep(tx, userId, step))) throw refuse('INVALID_CODE', {})
}

/** The answer of one of somebody's passkeys. Beside a password, having it is enough; where it stands alone, its owner is `isVerified`. @throws PASSKEY_REFUSED */
async function claimPasskey(
  ctx: Context,
  tx: Transaction,
  userId: string,
  assertion: PasskeyAssertion,
  { challenge, isVerified }: { challenge: Buffer; isVerified: boolean },
): Promise<void> {
  const passkey = await findPasskey(tx, Buffer.from(assertion.id, 'base64url'))
  if (passkey?.userId !== userId) throw refuse('PASSKEY_REFUSED', {})
  const used = await verifyAssertion(relyingPartyOf(ctx), challenge, passkey, assertion, { isVerified })
  if (!used || !(await usePasskey(tx, passkey, used))) throw refuse('PASSKEY_REFUSED', {})
}
