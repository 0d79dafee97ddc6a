import { randomUUIDv7 } from 'node:crypto'
import { endSession, findFactorMethods, recordChange, type SigningInUser, saveChallenge, saveDeviceCookie, type Transaction } from '@roster/db'
import type { FactorNeeded } from '@roster/domain'
import type { Context } from '../context.ts'
import { hashToken } from './adapter.ts'
import { newChallengeToken } from './challengeCookie.ts'
import { type CreatedSession, createSession } from './createSession.ts'
import { deviceName } from './device.ts'
import { requestToken } from './requestToken.ts'

/** A sign-in that waits for its second factor: what the browser is told, and the token that it finishes it with. */
export interface Waiting {
  token: string
  needed: FactorNeeded
}

/** Let a held entrant in, whose every factor was right: the session is opened, the browser is known by its mark from now on. */
export async function enter(ctx: Context, tx: Transaction, entrant: SigningInUser, browser: Buffer): Promise<CreatedSession> {
  const before = requestToken(ctx)
  const session = await createSession(ctx, tx, entrant.id)
  await saveDeviceCookie(tx, entrant.id, browser)
  // A browser that signs in again leaves no open session of the same person behind. Its other tabs hear of it, and so do all other consoles of theirs.
  if (before !== null) await endSession(tx, { userId: entrant.id, tokenHash: hashToken(before) }, 'signed-out')
  const by = { actorId: entrant.id, actorName: entrant.username, through: 'session', throughId: session.sessionId, address: ctx.address } as const
  const entry = {
    organizationId: entrant.organizationId,
    targetKind: 'session',
    targetId: session.sessionId,
    notifies: entrant.id,
    after: { device: deviceName(ctx.req.headers['user-agent']) },
  } as const
  await recordChange(tx, by, 'session.signIn', [entry], ['session'])
  return session
}

/** Let a held entrant, whose password was right, wait for their second factor. */
export async function wait(tx: Transaction, entrant: SigningInUser): Promise<Waiting> {
  const { token, tokenHash } = newChallengeToken()
  await saveChallenge(tx, { id: randomUUIDv7(), tokenHash, kind: 'sign-in', userId: entrant.id, challenge: null })
  return { token, needed: { factorNeeded: await findFactorMethods(tx, entrant.id) } }
}
