import { findSessionEnd, type SessionUser, touchSession } from '@roster/db'
import type { SessionEndReason } from '@roster/domain'
import type { Services } from '../server/services.ts'
import { hashToken } from './adapter.ts'
import { lucia } from './lucia.ts'

/** The authenticated user of a request: the session's row, and the address of the request. */
export type Principal = SessionUser & { address: string }

/** The session of a request: valid, ended with its reason, or none. */
export type SessionState =
  | { kind: 'valid'; user: Principal }
  | { kind: 'ended'; reason: SessionEndReason; at: Date }
  | { kind: 'none' }

const TOUCH_INTERVAL_MS = 60_000

/** Resolves the session of a request's cookies. Takes one statement when the session is valid. */
export async function resolveSession(
  services: Services,
  cookies: string | undefined,
  address: string,
): Promise<SessionState> {
  const auth = lucia(services)
  const token = auth.readSessionCookie(cookies ?? '')
  if (!token || token.length > 200) return { kind: 'none' }
  const { user } = await auth.validateSession(token)
  if (!user) {
    const end = await findSessionEnd(services.db.pool, hashToken(token))
    return end ? { kind: 'ended', ...end } : { kind: 'none' }
  }
  if (Date.now() - user.row.lastSeenAt.getTime() > TOUCH_INTERVAL_MS)
    await touchSession(services.db.pool, user.row.sessionId)
  return { kind: 'valid', user: Object.assign(user.row, { address }) }
}
