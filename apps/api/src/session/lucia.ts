import { createHmac } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { SESSION_IDLE_MS } from '@roster/domain'
import { Lucia, TimeSpan } from 'lucia'
import type { Services } from '../server/services.ts'
import { sessionAdapter } from './adapter.ts'

/**
 * The session cookie's name. `__Host-` behind TLS; without TLS all ports of a host share cookies, so a suffix names the
 * instance.
 */
export function sessionCookieName({ publicUrl, hmacKey }: Pick<Services, 'publicUrl' | 'hmacKey'>): string {
  return isSecure(publicUrl) ? '__Host-roster' : `roster-${cookieSuffix(hmacKey)}`
}

/** Whether browsers reach the instance over TLS. */
export function isSecure(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** Eight hexadecimal digits that distinguish instances on one host. They do not reveal the key. */
export function cookieSuffix(hmacKey: Buffer): string {
  return createHmac('sha256', hmacKey).update('cookie').digest('hex').slice(0, 8)
}

type Parts = Pick<Services, 'db' | 'publicUrl' | 'hmacKey'>

// Cached, because every request needs it and the cookie's name takes an HMAC.
const cache = new WeakMap<Parts, ReturnType<typeof createLucia>>()

/** Lucia over this instance's sessions. Creating a session requires the transaction. */
export function lucia(services: Parts, tx?: Transaction) {
  if (tx) return createLucia(services, tx)
  const cached = cache.get(services)
  if (cached) return cached
  const created = createLucia(services)
  cache.set(services, created)
  return created
}

function createLucia(services: Parts, tx?: Transaction) {
  return new Lucia(sessionAdapter(services.db, tx), {
    sessionExpiresIn: new TimeSpan(SESSION_IDLE_MS, 'ms'),
    sessionCookie: {
      name: sessionCookieName(services),
      // The cookie outlives its session, so that the server can say why the session ended.
      expires: false,
      attributes: { secure: isSecure(services.publicUrl), sameSite: 'lax', path: '/' },
    },
    getUserAttributes: ({ row }) => ({ row }),
  })
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>
  }
}
