import '@fastify/cookie'
import { randomBytes } from 'node:crypto'
import type { Context } from '../call/context.ts'
import { hashToken } from './adapter.ts'
import { cookieSuffix, isSecure } from './lucia.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

function cookieName(ctx: Context): string {
  const { publicUrl, hmacKey } = ctx.services
  return isSecure(publicUrl) ? '__Host-roster-browser' : `roster-browser-${cookieSuffix(hmacKey)}`
}

/** The hash of the request's device cookie; null without a valid one. */
export function readDeviceCookie(ctx: Context): Buffer<ArrayBuffer> | null {
  const token = ctx.req.cookies[cookieName(ctx)]
  return token && token.length <= 100 ? hashToken(token) : null
}

/** Sets a new device cookie and returns its hash, to be stored with the user who signs in. */
export function setDeviceCookie(ctx: Context): Buffer {
  const token = randomBytes(24).toString('base64url')
  ctx.res.setCookie(cookieName(ctx), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(ctx.services.publicUrl),
    maxAge: YEAR_SECONDS,
  })
  return hashToken(token)
}
