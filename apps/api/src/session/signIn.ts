import { commit, findCredential, lockSigningInUser } from '@roster/db'
import { refuse, type SignInAnswer } from '@roster/domain'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../call/context.ts'
import { verifyPassword } from '../password/hash.ts'
import { consumeSignInAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { setChallengeCookie } from './challengeCookie.ts'
import { awaitSecondFactor, completeSignIn } from './completeSignIn.ts'
import { issueSessionCookie } from './createSession.ts'
import { readDeviceCookie, setDeviceCookie } from './deviceCookie.ts'

/**
 * Signs in by password. Unknown, wrong and suspended names take the same work and get the same answer: one lookup and
 * one verification, of a dummy hash when there is none. Only the right password reveals a suspension or a second
 * factor.
 * @throws TOO_MANY_ATTEMPTS, INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, BUSY
 */
export async function signInWithPassword(ctx: Context, username: string, password: string): Promise<SignInAnswer> {
  const { db } = ctx.services
  const deviceCookie = readDeviceCookie(ctx)
  const found = await findCredential(db.prisma, username, deviceCookie)
  const attempts = await consumeSignInAttempt(
    ctx.services,
    username,
    ctx.address,
    found.deviceCookie ? deviceCookie : null,
  )
  ctx.attempt.userId = found.user?.id ?? null
  const isRight = await refundIfBusy(ctx.services, attempts, () =>
    verifyPassword(password, found.user?.passwordHash ?? null),
  )
  const { user } = found
  if (!user || !isRight) throw refuse('INVALID_CREDENTIALS', {})
  if (!user.maySignIn) throw refuse('ACCOUNT_SUSPENDED', {})
  requireNetwork(user.networks, ctx.address)
  const newDeviceCookie = deviceCookie ?? setDeviceCookie(ctx)
  const outcome = await commit(ctx.services, { key: networkOf(ctx.address) }, async (unit) => {
    const { tx } = unit
    // The password may have changed, or the account may be suspended, since the verification.
    const locked = await lockSigningInUser(tx, user.id)
    if (!locked?.maySignIn || locked.passwordHash !== user.passwordHash) throw refuse('INVALID_CREDENTIALS', {})
    requireNetwork(locked.networks, ctx.address)
    await refundAttempts(tx, attempts)
    return locked.secondFactor ? awaitSecondFactor(tx, locked) : completeSignIn(ctx, unit, locked, newDeviceCookie)
  })
  if ('needed' in outcome) {
    setChallengeCookie(ctx, outcome.token)
    return outcome.needed
  }
  return issueSessionCookie(ctx, outcome)
}
