import { createHmac } from 'node:crypto'
import type { Transaction } from '@roster/db'
import { SESSION_IDLE_MS } from '@roster/domain'
import { Lucia, TimeSpan } from 'lucia'
import type { Services } from '../services.ts'
import { sessionAdapter } from './adapter.ts'

/** The cookie's name: `__Host-` behind TLS; on plain http all ports of a host share cookies, so it carries a mark of the instance. */
export function sessionCookieName({ publicUrl, hmacKey }: Pick<Services, 'publicUrl' | 'hmacKey'>): string {
  return isSecure(publicUrl) ? '__Host-roster' : `roster-${cookieSuffix(hmacKey)}`
}

/** Whether people reach the instance over TLS. */
export function isSecure(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** Eight letters that tell instances on one host apart; says nothing of the key. */
export function cookieSuffix(hmacKey: Buffer): string {
  return createHmac('sha256', hmacKey).update('cookie').digest('hex').slice(0, 8)
}

type Parts = Pick<Services, 'db' | 'publicUrl' | 'hmacKey'>

// Every call asks for it, and its cookie's name alone takes an HMAC.
const kept = new WeakMap<Parts, ReturnType<typeof make>>()

/** Lucia over this instance's sessions; with a transaction, it can open one. */
export function lucia(services: Parts, tx?: Transaction) {
  if (tx) return make(services, tx)
  const known = kept.get(services)
  if (known) return known
  const made = make(services)
  kept.set(services, made)
  return made
}

function make(services: Parts, tx?: Transaction) {
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
    Lucia: ReturnType<typeof make>
  }
}
