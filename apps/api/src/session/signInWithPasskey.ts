import { randomUUIDv7 } from 'node:crypto'
import {
  commit,
  completeChallenge,
  consumeChallengeAttempt,
  findPasskey,
  lockSigningInUser,
  recordPasskeyUse,
  saveChallenge,
} from '@roster/db'
import { type AssertionOptions, type PasskeyAssertion, refuse, type SessionMe } from '@roster/domain'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../call/context.ts'
import { DUMMY_PASSKEY } from '../factor/dummyPasskey.ts'
import { assertionOptions, verifyAssertion } from '../factor/passkey.ts'
import { relyingPartyOf } from '../factor/relyingParty.ts'
import { consumeSecretAttempt, refundAttempts } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { clearChallengeCookie, newChallengeToken, readChallengeCookie, setChallengeCookie } from './challengeCookie.ts'
import { completeSignIn } from './completeSignIn.ts'
import { issueSessionCookie } from './createSession.ts'
import { readDeviceCookie, setDeviceCookie } from './deviceCookie.ts'

/**
 * Starts a sign-in by passkey alone. The passkey identifies the user.
 * @throws PASSKEYS_UNAVAILABLE, TOO_MANY_ATTEMPTS
 */
export async function beginPasskeySignIn(ctx: Context): Promise<AssertionOptions> {
  const party = relyingPartyOf(ctx)
  await consumeSecretAttempt(ctx.services, 'passkey-begun', ctx.address)
  const options = await assertionOptions(party, [], 'required')
  const { token, tokenHash } = newChallengeToken()
  const challenge = Buffer.from(options.challenge, 'base64url')
  await saveChallenge(ctx.services.db.prisma, {
    id: randomUUIDv7(),
    tokenHash,
    kind: 'passkey-sign-in',
    userId: null,
    challenge,
  })
  setChallengeCookie(ctx, token)
  return options
}

/**
 * Signs in by passkey alone: possession and user verification are two factors. An unknown passkey takes the same work
 * and gets the same answer as a wrong one. Only a valid one reveals a suspension.
 * @throws PASSKEY_REFUSED, CHALLENGE_EXPIRED, TOO_MANY_ATTEMPTS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED,
 * PASSKEYS_UNAVAILABLE
 */
export async function signInByPasskey(ctx: Context, assertion: PasskeyAssertion): Promise<SessionMe> {
  const { db } = ctx.services
  const party = relyingPartyOf(ctx)
  const attempts = await consumeSecretAttempt(ctx.services, 'passkey', ctx.address)
  const tokenHash = readChallengeCookie(ctx)
  const pending = tokenHash ? await consumeChallengeAttempt(db.prisma, tokenHash, 'passkey-sign-in') : undefined
  if (!pending?.challenge) {
    clearChallengeCookie(ctx)
    throw refuse('CHALLENGE_EXPIRED', {})
  }
  const passkey = await findPasskey(db.prisma, Buffer.from(assertion.id, 'base64url'))
  ctx.attempt.userId = passkey?.userId ?? null
  const used = await verifyAssertion(party, pending.challenge, passkey ?? DUMMY_PASSKEY, assertion, {
    isVerified: true,
  })
  if (!passkey || !used || !isOwn(assertion, passkey.userId)) throw refuse('PASSKEY_REFUSED', {})
  const newDeviceCookie = readDeviceCookie(ctx) ?? setDeviceCookie(ctx)
  const session = await commit(ctx.services, { key: networkOf(ctx.address) }, async (unit) => {
    const { tx } = unit
    const user = await lockSigningInUser(tx, passkey.userId)
    if (!user) throw refuse('PASSKEY_REFUSED', {})
    if (!user.maySignIn) throw refuse('ACCOUNT_SUSPENDED', {})
    requireNetwork(user.networks, ctx.address)
    if (!(await completeChallenge(tx, pending.id))) throw refuse('CHALLENGE_EXPIRED', {})
    // The passkey was removed, or a concurrent sign-in used it.
    if (!(await recordPasskeyUse(tx, passkey, used))) throw refuse('PASSKEY_REFUSED', {})
    await refundAttempts(tx, attempts)
    return completeSignIn(ctx, unit, user, newDeviceCookie)
  })
  clearChallengeCookie(ctx)
  return issueSessionCookie(ctx, session)
}

/** Whether the user handle of the assertion, if any, is the passkey's owner. */
function isOwn({ userHandle }: PasskeyAssertion, userId: string): boolean {
  return userHandle === null || Buffer.from(userHandle, 'base64url').toString('utf8') === userId
}
