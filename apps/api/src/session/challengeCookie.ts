import '@fastify/cookie'
import { randomBytes } from 'node:crypto'
import { CHALLENGE_LIFETIME_MS } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { hashToken } from './adapter.ts'
import { cookieSuffix, isSecure } from './lucia.ts'

function cookieName({ services: { publicUrl, hmacKey } }: Context): string {
  return isSecure(publicUrl) ? '__Host-roster-challenge' : `roster-challenge-${cookieSuffix(hmacKey)}`
}

function attributes({ services }: Context) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(services.publicUrl) } as const
}

/** Creates a challenge token and its hash. The browser gets the token once the challenge is stored. */
export function newChallengeToken(): { token: string; tokenHash: Buffer<ArrayBuffer> } {
  const token = randomBytes(24).toString('base64url')
  return { token, tokenHash: hashToken(token) }
}

/** Sets the challenge cookie. */
export function setChallengeCookie(ctx: Context, token: string): void {
  ctx.res.setCookie(cookieName(ctx), token, { ...attributes(ctx), maxAge: CHALLENGE_LIFETIME_MS / 1000 })
}

/** Clears the challenge cookie. */
export function clearChallengeCookie(ctx: Context): void {
  ctx.res.clearCookie(cookieName(ctx), attributes(ctx))
}

/** The hash of the request's challenge token; null without a valid cookie. */
export function readChallengeCookie(ctx: Context): Buffer<ArrayBuffer> | null {
  const token = ctx.req.cookies[cookieName(ctx)]
  return token && token.length <= 100 ? hashToken(token) : null
}
