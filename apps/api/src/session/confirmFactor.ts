import {
  type Challenge,
  commit,
  completeChallenge,
  consumeChallengeAttempt,
  findChallenge,
  hasDeviceCookie,
  listPasskeys,
  lockSigningInUser,
  setChallenge,
} from '@roster/db'
import { type AssertionOptions, type ConfirmFactor, refuse, type SessionMe } from '@roster/domain'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../call/context.ts'
import { assertionOptions } from '../factor/passkey.ts'
import { relyingPartyOf } from '../factor/relyingParty.ts'
import { verifyFactor } from '../factor/verifyFactor.ts'
import { consumeFactorAttempt, refundAttempts } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { clearChallengeCookie, readChallengeCookie } from './challengeCookie.ts'
import { completeSignIn } from './completeSignIn.ts'
import { issueSessionCookie } from './createSession.ts'
import { readDeviceCookie, setDeviceCookie } from './deviceCookie.ts'

type SignInChallenge = Challenge & { userId: string }

/** Loads this browser's sign-in that awaits its second factor. @throws CHALLENGE_EXPIRED */
async function loadPending(ctx: Context, load: typeof findChallenge): Promise<SignInChallenge> {
  const tokenHash = readChallengeCookie(ctx)
  const challenge = tokenHash ? await load(ctx.services.db.prisma, tokenHash, 'sign-in') : undefined
  if (!challenge?.userId) {
    clearChallengeCookie(ctx)
    throw refuse('CHALLENGE_EXPIRED', {})
  }
  return { ...challenge, userId: challenge.userId }
}

/**
 * Returns WebAuthn request options for the second factor of a pending sign-in.
 * @throws CHALLENGE_EXPIRED,
 * PASSKEYS_UNAVAILABLE
 */
export async function beginFactorPasskey(ctx: Context): Promise<AssertionOptions> {
  const { prisma } = ctx.services.db
  const { id, userId } = await loadPending(ctx, findChallenge)
  const options = await assertionOptions(relyingPartyOf(ctx), await listPasskeys(prisma, userId), 'preferred')
  await setChallenge(prisma, id, Buffer.from(options.challenge, 'base64url'))
  return options
}

/**
 * Completes a sign-in with its second factor. Each attempt is consumed before it is verified: five per sign-in, and by
 * user like passwords.
 * @throws CHALLENGE_EXPIRED, INVALID_CODE, PASSKEY_REFUSED, TOO_MANY_ATTEMPTS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED
 */
export async function confirmSecondFactor(ctx: Context, factor: ConfirmFactor): Promise<SessionMe> {
  const { db } = ctx.services
  const { userId } = await loadPending(ctx, findChallenge)
  const deviceCookie = readDeviceCookie(ctx)
  const isKnown = deviceCookie !== null && (await hasDeviceCookie(db.prisma, userId, deviceCookie))
  const attempts = await consumeFactorAttempt(ctx.services, userId, ctx.address, isKnown ? deviceCookie : null)
  ctx.attempt.userId = userId
  const pending = await loadPending(ctx, consumeChallengeAttempt)
  const newDeviceCookie = deviceCookie ?? setDeviceCookie(ctx)
  const session = await commit(ctx.services, { key: networkOf(ctx.address) }, async (unit) => {
    const { tx } = unit
    const user = await lockSigningInUser(tx, userId)
    if (!user) throw refuse('CHALLENGE_EXPIRED', {})
    if (!user.maySignIn) throw refuse('ACCOUNT_SUSPENDED', {})
    requireNetwork(user.networks, ctx.address)
    // A password change, a factor reset or a concurrent success deletes the challenge.
    if (!(await completeChallenge(tx, pending.id))) throw refuse('CHALLENGE_EXPIRED', {})
    await verifyFactor(ctx, tx, userId, factor, { pending })
    await refundAttempts(tx, attempts)
    return completeSignIn(ctx, unit, user, newDeviceCookie)
  })
  clearChallengeCookie(ctx)
  return issueSessionCookie(ctx, session)
}
