import { findCredential, inTransaction, lockSigningInUser } from '@roster/db'
import { refuse, type SignInAnswer } from '@roster/domain'
import { networkOf } from '../address.ts'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../context.ts'
import { verifyPassword } from '../password/hash.ts'
import { consumeSignInAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { setChallengeCookie } from './challengeCookie.ts'
import { enter, wait } from './completeSignIn.ts'
import { issueSessionCookie } from './createSession.ts'
import { readDeviceCookie, setDeviceCookie } from './deviceCookie.ts'

/**
 * Sign in. Unknown, wrong and suspended cost the same: one look-up, one verification (of a dummy when there is no hash), the same words and status,
 * until the password is right. Only then is somebody told that they are suspended, or that a second factor is asked for.
 * @throws TOO_MANY_ATTEMPTS, INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, BUSY
 */
export async function signInWithPassword(ctx: Context, username: string, password: string): Promise<SignInAnswer> {
  const { db, hub } = ctx.services
  const mark = readDeviceCookie(ctx)
  const found = await findCredential(db.prisma, username, mark)
  const attempts = await consumeSignInAttempt(ctx.services, username, ctx.address, found.deviceCookie ? mark : null)
  ctx.attempt.userId = found.user?.id ?? null
  const right = await refundIfBusy(ctx.services, attempts, () => verifyPassword(password, found.user?.passwordHash ?? null))
  const { user } = found
  if (!user || !right) throw refuse('INVALID_CREDENTIALS', {})
  if (!user.maySignIn) throw refuse('ACCOUNT_SUSPENDED', {})
  requireNetwork(user.networks, ctx.address)
  const newDeviceCookie = mark ?? setDeviceCookie(ctx)
  const come = await inTransaction(
    db.prisma,
    async (tx) => {
      // The password may have been changed, or the account shut, while it was being verified.
      const entrant = await lockSigningInUser(tx, user.id)
      if (!entrant?.maySignIn || entrant.passwordHash !== user.passwordHash) throw refuse('INVALID_CREDENTIALS', {})
      requireNetwork(entrant.networks, ctx.address)
      await refundAttempts(tx, attempts)
      return entrant.secondFactor ? wait(tx, entrant) : enter(ctx, tx, entrant, newDeviceCookie)
    },
    networkOf(ctx.address),
  )
  if ('needed' in come) {
    setChallengeCookie(ctx, come.token)
    return come.needed
  }
  hub.wake()
  return issueSessionCookie(ctx, come)
}
