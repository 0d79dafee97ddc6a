import {
  type Challenge,
  completeChallenge,
  consumeChallengeAttempt,
  findChallenge,
  hasDeviceCookie,
  inTransaction,
  listPasskeys,
  lockSigningInUser,
  setChallenge,
} from '@roster/db'
import { type AssertionOptions, type ConfirmFactor, refuse, type SessionMe } from '@roster/domain'
import { networkOf } from '../address.ts'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../context.ts'
import { assertionOptions } from '../factor/passkey.ts'
import { relyingPartyOf } from '../factor/relyingParty.ts'
import { verifyFactor } from '../factor/verifyFactor.ts'
import { consumeFactorAttempt, refundAttempts } from '../rateLimit/signInAttempts.ts'
import { clearChallengeCookie, readChallengeCookie } from './challengeCookie.ts'
import { enter } from './completeSignIn.ts'
import { issueSessionCookie } from './createSession.ts'
import { readDeviceCookie, setDeviceCookie } from './deviceCookie.ts'

type Waiting = Challenge & { userId: string }

/** This browser's sign-in that waits for its second factor. @throws CHALLENGE_EXPIRED */
async function waiting(ctx: Context, look: typeof findChallenge): Promise<Waiting> {
  const tokenHash = readChallengeCookie(ctx)
  const challenge = tokenHash ? await look(ctx.services.db.prisma, tokenHash, 'sign-in') : undefined
  if (!challenge?.userId) {
    clearChallengeCookie(ctx)
    throw refuse('CHALLENGE_EXPIRED', {})
  }
  return { ...challenge, userId: challenge.userId }
}

/** What a browser is told to ask a passkey by, where a sign-in waits for one. @throws CHALLENGE_EXPIRED, PASSKEYS_UNAVAILABLE */
export async function beginFactorPasskey(ctx: Context): Promise<AssertionOptions> {
  const { prisma } = ctx.services.db
  const { id, userId } = await waiting(ctx, findChallenge)
  const options = await assertionOptions(relyingPartyOf(ctx), await listPasskeys(prisma, userId), 'preferred')
  await setChallenge(prisma, id, Buffer.from(options.challenge, 'base64url'))
  return options
}

/**
 * Finish a sign-in with its second factor. Whatever is tried is counted before it is looked at: by this sign-in, five in all, and by its user, as passwords are.
 * @throws CHALLENGE_EXPIRED, INVALID_CODE, PASSKEY_REFUSED, TOO_MANY_ATTEMPTS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED
 */
export async function confirmSecondFactor(ctx: Context, given: ConfirmFactor): Promise<SessionMe> {
  const { db, hub } = ctx.services
  const { userId } = await waiting(ctx, findChallenge)
  const mark = readDeviceCookie(ctx)
  const known = mark !== null && (await hasDeviceCookie(db.prisma, userId, mark))
  const attempts = await consumeFactorAttempt(ctx.services, userId, ctx.address, known ? mark : null)
  ctx.attempt.userId = userId
  const begun = await waiting(ctx, consumeChallengeAttempt)
  const newDeviceCookie = mark ?? setDeviceCookie(ctx)
  const opened = await inTransaction(
    db.prisma,
    async (tx) => {
      const entrant = await lockSigningInUser(tx, userId)
      if (!entrant) throw refuse('CHALLENGE_EXPIRED', {})
      if (!entrant.maySignIn) throw refuse('ACCOUNT_SUSPENDED', {})
      requireNetwork(entrant.networks, ctx.address)
      // Gone when the password was changed meanwhile, the factor was reset, or another try was right.
      if (!(await completeChallenge(tx, begun.id))) throw refuse('CHALLENGE_EXPIRED', {})
      await verifyFactor(ctx, tx, userId, given, { begun })
      await refundAttempts(tx, attempts)
      return enter(ctx, tx, entrant, newDeviceCookie)
    },
    networkOf(ctx.address),
  )
  clearChallengeCookie(ctx)
  hub.wake()
  return issueSessionCookie(ctx, opened)
}
