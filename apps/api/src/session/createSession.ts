import { randomUUIDv7 } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { findSession, findSessionEnd } from '@roster/db'
import { refuse, type SessionMe } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { hashToken } from './adapter.ts'
import { deviceName } from './device.ts'
import { lucia } from './lucia.ts'
import { presentMe } from './presentMe.ts'

/** A new session: its public id, and the token for the cookie after the commit. */
export interface CreatedSession {
  sessionId: string
  token: string
}

/** Creates a user's session in the given transaction. */
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
 * Sets the session cookie and returns the session. Call it only after the commit.
 * @throws SESSION_ENDED when a concurrent change already ended the session
 */
export async function issueSessionCookie(ctx: Context, session: CreatedSession): Promise<SessionMe> {
  const cookie = lucia(ctx.services).createSessionCookie(session.token)
  ctx.res.header('set-cookie', cookie.serialize())
  const { pool } = ctx.services.db
  const tokenHash = hashToken(session.token)
  const row = await findSession(pool, tokenHash)
  if (row) return presentMe(row)
  const end = await findSessionEnd(pool, tokenHash)
  if (!end) throw new Error('the new session is missing')
  throw refuse('SESSION_ENDED', { reason: end.reason, at: end.at.toISOString() })
}
