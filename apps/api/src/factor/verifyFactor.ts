import {
  type Challenge,
  claimRecoveryCode,
  claimTotpStep,
  findPasskey,
  findTotp,
  recordPasskeyUse,
  type Transaction,
} from '@roster/db'
import { type ConfirmFactor, type PasskeyAssertion, refuse } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { openSecret } from '../secret/secrets.ts'
import { verifyAssertion } from './passkey.ts'
import { hashRecoveryCode } from './recoveryCode.ts'
import { relyingPartyOf } from './relyingParty.ts'
import { verifyTotp } from './totp.ts'

/**
 * Verifies a second factor and consumes it in the given transaction. The user's row must be locked: each code then
 * works once under concurrency.
 * @throws INVALID_CODE, PASSKEY_REFUSED, PASSKEYS_UNAVAILABLE, CHALLENGE_EXPIRED
 */
export async function verifyFactor(
  ctx: Context,
  tx: Transaction,
  userId: string,
  factor: ConfirmFactor,
  { pending, isVerified = false }: { pending: Pick<Challenge, 'challenge'> | undefined; isVerified?: boolean },
): Promise<void> {
  if (factor.kind === 'code') return verifyCode(ctx, tx, userId, factor.code)
  if (!pending?.challenge) throw refuse('CHALLENGE_EXPIRED', {})
  await verifyPasskey(ctx, tx, userId, factor.assertion, { challenge: pending.challenge, isVerified })
}

async function verifyCode({ services }: Context, tx: Transaction, userId: string, code: string): Promise<void> {
  if (code.length !== 6) {
    if (!(await claimRecoveryCode(tx, userId, hashRecoveryCode(userId, code)))) throw refuse('INVALID_CODE', {})
    return
  }
  const totp = await findTotp(tx, userId)
  const step = totp ? verifyTotp(openSecret(services, totp.secret, `totp:${userId}`), code, totp.lastStep) : null
  if (step === null || !(await claimTotpStep(tx, userId, step))) throw refuse('INVALID_CODE', {})
}

/**
 * Verifies an assertion. After a password, possession is enough; without one, `isVerified` requires user verification.
 * @throws PASSKEY_REFUSED
 */
async function verifyPasskey(
  ctx: Context,
  tx: Transaction,
  userId: string,
  assertion: PasskeyAssertion,
  { challenge, isVerified }: { challenge: Buffer; isVerified: boolean },
): Promise<void> {
  const passkey = await findPasskey(tx, Buffer.from(assertion.id, 'base64url'))
  if (passkey?.userId !== userId) throw refuse('PASSKEY_REFUSED', {})
  const used = await verifyAssertion(relyingPartyOf(ctx), challenge, passkey, assertion, { isVerified })
  if (!used || !(await recordPasskeyUse(tx, passkey, used))) throw refuse('PASSKEY_REFUSED', {})
}
