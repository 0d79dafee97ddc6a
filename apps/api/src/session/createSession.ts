import { randomUUIDv7 } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { findSession, findSessionEnd } from '@roster/db'
import { refuse, type SessionMe } from '@roster/domain'
import type { Context } from '../context.ts'
import { hashToken } from './adapter.ts'
import { deviceName } from './device.ts'
import { lucia } from './lucia.ts'
import { me } from './presentMe.ts'

/** A session just opened: its public id, and the token that goes into the cookie once the transaction is through. */
export interface CreatedSession {
  sessionId: string
  token: string
}

/** Open a session for a user in the caller's transaction. */
export async function createSession(ctx: Context, tx: Transaction, userId: string): Promise<CreatedSession> {
  const sessionId = randomUUIDv7()
  const { id: token } = await lucia(ctx.services, tx).createSession(userId, {
    publicId: sessionId,
    device: deviceName(ctx.req.headers['user-agent']),
    address: ctx.address,
  })
  return { sessionId, token }
}

/**
 * Hand the opened session to the browser and say who it is. Only after its transaction was committed.
 * @throws SESSION_ENDED when it was ended in that very moment
 */
export async function issueSessionCookie(ctx: Context, opened: CreatedSession): Promise<SessionMe> {
  const cookie = lucia(ctx.services).createSessionCookie(opened.token)
  ctx.res.header('set-cookie', cookie.serialize())
  const { pool } = ctx.services.db
  const tokenHash = hashToken(opened.token)
  const row = await findSession(pool, tokenHash)
  if (row) return me(row)
  const end = await findSessionEnd(pool, tokenHash)
  if (!end) throw new Error('the session just opened is not there')
  throw refuse('SESSION_ENDED', { reason: end.reason, at: end.at.toISOString() })
}
