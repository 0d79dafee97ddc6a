import { hash } from 'node:crypto'
import { type Database, findSession, openSession, type SessionUser, type Transaction } from '@roster/db'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '@roster/domain'
import type { Adapter } from 'lucia'

/** SHA-256 of a token. The database stores only this hash. */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(hash('sha256', token, 'buffer'))
}

/** Attributes that Lucia passes to the adapter when it creates a session. */
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
 * Lucia's adapter over the session table. Lucia's session id is the token; only its hash reaches the database. A
 * session ends by its public id, in the transaction of the change that ends it, and its row stays. So Lucia's own list
 * and delete methods are disabled.
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
      if (!tx || !attributes.publicId) throw new Error('creating a session requires a transaction and a public id')
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
    // `touchSession` extends the expiry with each recorded use. Lucia would extend it only after half the lifetime.
    updateSessionExpiration: async () => {},
    // The query returns no ended session, so Lucia has nothing to delete.
    deleteSession: async () => {},
    deleteExpiredSessions: async () => {},
    getUserSessions: () => Promise.reject(new Error('sessions are listed by public id')),
    deleteUserSessions: () => Promise.reject(new Error('sessions end by public id')),
  }
}
