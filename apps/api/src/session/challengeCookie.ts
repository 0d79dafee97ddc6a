import '@fastify/cookie'
import { randomBytes } from 'node:crypto'
import { CHALLENGE_LIFETIME_MS } from '@roster/domain'
import type { Context } from '../context.ts'
import { hashToken } from './adapter.ts'
import { cookieSuffix, isSecure } from './lucia.ts'

function cookieName({ services: { publicUrl, hmacKey } }: Context): string {
  return isSecure(publicUrl) ? '__Host-roster-challenge' : `roster-challenge-${cookieSuffix(hmacKey)}`
}

function attributes({ services }: Context) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(services.publicUrl) } as const
}

/** A token for this browser to finish what it begins with, and its hash. Handed over once what was begun is stored. */
export function newChallengeToken(): { token: string; tokenHash: Buffer<ArrayBuffer> } {
  const token = randomBytes(24).toString('base64url')
  return { token, tokenHash: hashToken(token) }
}

/** Hand the token to the browser. */
export function setChallengeCookie(ctx: Context, token: string): void {
  ctx.res.setCookie(cookieName(ctx), token, { ...attributes(ctx), maxAge: CHALLENGE_LIFETIME_MS / 1000 })
}

/** What this browser began is over. */
export function clearChallengeCookie(ctx: Context): void {
  ctx.res.clearCookie(cookieName(ctx), attributes(ctx))
}

/** The hash of what this browser began, if it brings it. */
export function readChallengeCookie(ctx: Context): Buffer<ArrayBuffer> | null {
  const token = ctx.req.cookies[cookieName(ctx)]
  return token && token.length <= 100 ? hashToken(token) : null
}
