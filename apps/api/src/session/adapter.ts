import { hash } from 'node:crypto'
import { type Database, findSession, openSession, type SessionUser, type Transaction } from '@roster/db'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '@roster/domain'
import type { Adapter } from 'lucia'

/** SHA-256 of a session's token: all that the database keeps of it. */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(hash('sha256', token, 'buffer'))
}

/** What Lucia hands through when a session is opened: its public id, and from where. */
export interface SessionAttributes {
  publicId: string
  device: string | null
  address: string | null
}

declare module 'lucia' {
  interface Register {
    DatabaseUserAttributes: { row: SessionUser }
    DatabaseSessionAttributes: Partial<SessionAttributes>
  }
}

/**
 * Lucia's adapter over our session table. Lucia's session id is the token; only its hash reaches the database. Rows are never deleted: sessions
 * are ended by public id, in the transaction of whatever ends them, so Lucia's own ways to list and delete by token are closed.
 */
export function sessionAdapter(db: Database, tx?: Transaction): Adapter {
  return {
    async getSessionAndUser(token) {
      const row = await findSession(db.pool, hashToken(token))
      if (!row) return [null, null]
      return [
        { id: token, userId: row.userId, expiresAt: new Date(Date.now() + SESSION_IDLE_MS), attributes: {} },
        { id: row.userId, attributes: { row } },
      ]
    },
    async setSession({ id: token, userId, expiresAt, attributes }) {
      if (!tx || !attributes.publicId) throw new Error('a session is opened in a transaction, with a public id')
      await openSession(tx, {
        id: attributes.publicId,
        tokenHash: hashToken(token),
        userId,
        expiresAt,
        absoluteEndAt: new Date(Date.now() + SESSION_ABSOLUTE_MS),
        device: attributes.device ?? null,
        address: attributes.address ?? null,
      })
    },
    // Moved on with each use that is noted, not after half its time: who was here yesterday has seven days from then.
    updateSessionExpiration: async () => {},
    // The session statement gives no row for what is over, so there is nothing left to mark.
    deleteSession: async () => {},
    deleteExpiredSessions: async () => {},
    getUserSessions: () => Promise.reject(new Error('sessions are listed by their public id')),
    deleteUserSessions: () => Promise.reject(new Error('sessions are ended by their public id')),
  }
}
