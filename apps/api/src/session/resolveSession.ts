import { findSessionEnd, type SessionUser, touchSession } from '@roster/db'
import type { SessionEndReason } from '@roster/domain'
import type { Services } from '../services.ts'
import { hashToken } from './adapter.ts'
import { lucia } from './lucia.ts'

/** Somebody with a valid session, and from where they call now. */
export type Principal = SessionUser & { address: string }

/** Who is calling: somebody with a valid session, somebody whose session is over (and why), or nobody. */
export type SessionState = { kind: 'valid'; user: Principal } | { kind: 'ended'; reason: SessionEndReason; at: Date } | { kind: 'none' }

const SEEN_AGAIN_MS = 60_000

/** Find who is calling from the request's cookies. One statement when the session is good. */
export async function resolveSession(services: Services, cookies: string | undefined, address: string): Promise<SessionState> {
  const auth = lucia(services)
  const token = auth.readSessionCookie(cookies ?? '')
  if (!token || token.length > 200) return { kind: 'none' }
  const { user } = await auth.validateSession(token)
  if (!user) {
    const end = await findSessionEnd(services.db.pool, hashToken(token))
    return end ? { kind: 'ended', ...end } : { kind: 'none' }
  }
  if (Date.now() - user.row.lastSeenAt.getTime() > SEEN_AGAIN_MS) await touchSession(services.db.pool, user.row.sessionId)
  return { kind: 'valid', user: Object.assign(user.row, { address }) }
}
