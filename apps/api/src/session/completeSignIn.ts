import { randomUUIDv7 } from 'node:crypto'
import {
  endSession,
  findFactorMethods,
  type SigningInUser,
  saveChallenge,
  saveDeviceCookie,
  type Transaction,
  type Unit,
} from '@roster/db'
import type { FactorNeeded } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { hashToken } from './adapter.ts'
import { newChallengeToken } from './challengeCookie.ts'
import { type CreatedSession, createSession } from './createSession.ts'
import { deviceName } from './device.ts'
import { requestToken } from './requestToken.ts'

/** A sign-in that awaits its second factor: the answer to the browser, and the token of its challenge cookie. */
export interface PendingSignIn {
  token: string
  needed: FactorNeeded
}

/**
 * Completes a sign-in after all factors were verified: creates the session, stores the device cookie and audits it. The
 * user's row is locked.
 */
export async function completeSignIn(
  ctx: Context,
  { tx, record }: Unit,
  user: SigningInUser,
  deviceCookie: Buffer,
): Promise<CreatedSession> {
  const previousToken = requestToken(ctx)
  const session = await createSession(ctx, tx, user.id)
  await saveDeviceCookie(tx, user.id, deviceCookie)
  // A new sign-in ends the browser's previous session of the same user. The event reaches its other tabs and the user's
  // other consoles.
  if (previousToken !== null)
    await endSession(tx, { userId: user.id, tokenHash: hashToken(previousToken) }, 'signed-out')
  const by = {
    actorId: user.id,
    actorName: user.username,
    through: 'session',
    throughId: session.sessionId,
    address: ctx.address,
  } as const
  const entry = {
    organizationId: user.organizationId,
    targetKind: 'session',
    targetId: session.sessionId,
    notifies: user.id,
    after: { device: deviceName(ctx.req.headers['user-agent']) },
  } as const
  record(by, 'session.signIn', entry)
  return session
}

/**
 * Starts the second factor after the right password: stores the challenge and returns its token. The user's row is
 * locked.
 */
export async function awaitSecondFactor(tx: Transaction, user: SigningInUser): Promise<PendingSignIn> {
  const { token, tokenHash } = newChallengeToken()
  await saveChallenge(tx, { id: randomUUIDv7(), tokenHash, kind: 'sign-in', userId: user.id, challenge: null })
  return { token, needed: { factorNeeded: await findFactorMethods(tx, user.id) } }
}
