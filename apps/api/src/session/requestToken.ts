import type { Context } from '../call/context.ts'
import { lucia } from './lucia.ts'

/** The session token from the request's cookie, not validated; null without one. */
export function requestToken(ctx: Context): string | null {
  const token = lucia(ctx.services).readSessionCookie(ctx.req.headers.cookie ?? '')
  return token && token.length <= 200 ? token : null
}
