import { findCredential, holdEntrant, inTransaction } from '@roster/db'
import { refuse, type SignInAnswer } from '@roster/domain'
import { networkOf } from '../address.ts'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../context.ts'
import { verifyPassword } from '../password/hash.ts'
import { hashTry, returnTries, takeSignInTry } from '../throttle/signInTries.ts'
import { browserMark, markBrowser } from './browser.ts'
import { handChallenge } from './challengeCookie.ts'
import { enter, wait } from './enter.ts'
import { handOver } from './open.ts'

/**
 * Sign in. Unknown, wrong and suspended cost the same: one look-up, one verification (of a dummy when there is no hash), the same words and status,
 * until the password is right. Only then is somebody told that they are suspended, or that a second factor is asked for.
 * @throws TOO_MANY_ATTEMPTS, INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, BUSY
 */
export async function signInWith(ctx: Context, username: string, password: string): Promise<SignInAnswer> {
  const { db, hub } = ctx.services
  const mark = browserMark(ctx)
  const found = await findCredential(db.prisma, username, mark)
  const tries = await takeSignInTry(ctx.services, username, ctx.address, found.knownBrowser ? mark : null)
  ctx.meant.userId = found.user?.id ?? null
  const right = await hashTry(ctx.services, tries, () => verifyPassword(password, found.user?.passwordHash ?? null))
  const { user } = found
  if (!user || !right) throw refuse('INVALID_CREDENTIALS', {})
  if (!user.mayEnter) throw refuse('ACCOUNT_SUSPENDED', {})
  requireNetwork(user.networks, ctx.address)
  const newMark = mark ?? markBrowser(ctx)
  const come = await inTransaction(
    db.prisma,
    async (tx) => {
      // The password may have been changed, or the account shut, while it was being verified.
      const entrant = await holdEntrant(tx, user.id)
      if (!entrant?.mayEnter || entrant.passwordHash !== user.passwordHash) throw refuse('INVALID_CREDENTIALS', {})
      requireNetwork(entrant.networks, ctx.address)
      await returnTries(tx, tries)
      return entrant.secondFactor ? wait(tx, entrant) : enter(ctx, tx, entrant, newMark)
    },
    networkOf(ctx.address),
  )
  if ('needed' in come) {
    handChallenge(ctx, come.token)
    return come.needed
  }
  hub.wake()
  return handOver(ctx, come)
}
