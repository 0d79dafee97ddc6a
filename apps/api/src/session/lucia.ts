import { createHmac } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { SESSION_IDLE_MS } from '@roster/domain'
import { Lucia, TimeSpan } from 'lucia'
import type { Services } from '../services.ts'
import { sessionAdapter } from './adapter.ts'

/** The cookie's name: `__Host-` behind TLS; on plain http all ports of a host share cookies, so it carries a mark of the instance. */
export function sessionCookieName({ publicUrl, hmacKey }: Pick<Services, 'publicUrl' | 'hmacKey'>): string {
  return isSecure(publicUrl) ? '__Host-roster' : `roster-${cookieMark(hmacKey)}`
}

/** Whether people reach the instance over TLS. */
export function isSecure(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** Eight letters that tell instances on one host apart; says nothing of the key. */
export function cookieMark(hmacKey: Buffer): string {
  return createHmac('sha256', hmacKey).update('cookie').digest('hex').slice(0, 8)
}

/** Lucia over this instance's sessions; with a transaction, it can open one. */
export function lucia(services: Pick<Services, 'db' | 'publicUrl' | 'hmacKey'>, tx?: Transaction) {
  return new Lucia(sessionAdapter(services.db, tx), {
    sessionExpiresIn: new TimeSpan(SESSION_IDLE_MS, 'ms'),
    sessionCookie: {
      name: sessionCookieName(services),
      // The cookie outlives its session, so that its holder can be told why it ended.
      expires: false,
      attributes: { secure: isSecure(services.publicUrl), sameSite: 'lax', path: '/' },
    },
    getUserAttributes: ({ row }) => ({ row }),
  })
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof lucia>
  }
}
