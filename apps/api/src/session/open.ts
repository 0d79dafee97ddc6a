import { randomUUIDv7 } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { findSession } from '@roster/db'
import type { SessionMe } from '@roster/domain'
import type { Context } from '../context.ts'
import { hashToken } from './adapter.ts'
import { deviceOf } from './device.ts'
import { lucia } from './lucia.ts'
import { me } from './me.ts'

/** A session just opened: its public id, and the token that goes into the cookie once the transaction is through. */
export interface OpenedSession {
  sessionId: string
  token: string
}

/** Open a session for a user in the caller's transaction. */
export async function openSessionFor(ctx: Context, tx: Transaction, userId: string): Promise<OpenedSession> {
  const sessionId = randomUUIDv7()
  const { id: token } = await lucia(ctx.services, tx).createSession(userId, {
    publicId: sessionId,
    device: deviceOf(ctx.req.headers['user-agent']),
    address: ctx.address,
  })
  return { sessionId, token }
}

/** Hand the opened session to the browser and say who it is. Only after its transaction was committed. */
export async function handOver(ctx: Context, opened: OpenedSession): Promise<SessionMe> {
  const cookie = lucia(ctx.services).createSessionCookie(opened.token)
  ctx.res.header('set-cookie', cookie.serialize())
  const row = await findSession(ctx.services.db.pool, hashToken(opened.token))
  if (!row) throw new Error('the session just opened is already over')
  return me(row)
}
