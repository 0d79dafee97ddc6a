import { endSession, findCredential, inTransaction, recordChange, rememberBrowser } from '@roster/db'
import { refuse, type SessionMe } from '@roster/domain'
import { networkOf } from '../address.ts'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../context.ts'
import { verifyPassword } from '../password/hash.ts'
import { hashTry, returnTries, takeSignInTry } from '../throttle/signInTries.ts'
import { hashToken } from './adapter.ts'
import { browserMark, markBrowser } from './browser.ts'
import { handOver, openSessionFor } from './open.ts'
import { requestToken } from './requestToken.ts'

/**
 * Sign in. Unknown, wrong and suspended cost the same: one look-up, one verification (of a dummy when there is no hash), the same words and status,
 * until the password is right. Only then is somebody told that they are suspended.
 * @throws TOO_MANY_TRIES, CREDENTIALS_WRONG, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, BUSY
 */
export async function signInWith(ctx: Context, username: string, password: string): Promise<SessionMe> {
  const { db, hub } = ctx.services
  const mark = browserMark(ctx)
  const found = await findCredential(db.prisma, username, mark)
  const tries = await takeSignInTry(ctx.services, username, ctx.address, found.knownBrowser ? mark : null)
  const right = await hashTry(ctx.services, tries, () => verifyPassword(password, found.user?.passwordHash ?? null))
  const { user } = found
  if (!user || !right) throw refuse('CREDENTIALS_WRONG', {})
  if (!user.mayEnter) throw refuse('ACCOUNT_SUSPENDED', {})
  requireNetwork(user.networks, ctx.address)
  const before = requestToken(ctx)
  const newMark = mark ?? markBrowser(ctx)
  const opened = await inTransaction(
    db.prisma,
    async (tx) => {
      const session = await openSessionFor(ctx, tx, user.id)
      // The password may have been changed, or the account shut, while it was being verified.
      if (!(await rememberBrowser(tx, user.id, user.passwordHash, newMark))) throw refuse('CREDENTIALS_WRONG', {})
      // A browser that signs in again leaves no open session of the same person behind; its other tabs hear of it.
      const replaced = before !== null && (await endSession(tx, { userId: user.id, tokenHash: hashToken(before) }, 'signed-out'))
      await returnTries(tx, tries)
      const by = { actorId: user.id, actorName: username, through: 'session', throughId: session.sessionId, address: ctx.address } as const
      const entry = { organizationId: user.organizationId, targetKind: 'session', targetId: session.sessionId, notifies: user.id } as const
      await recordChange(tx, by, 'session.signIn', [entry], replaced ? ['session'] : [])
      return session
    },
    networkOf(ctx.address),
  )
  hub.wake()
  return handOver(ctx, opened)
}
