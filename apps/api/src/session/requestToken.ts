import type { Context } from '../context.ts'
import { lucia } from './lucia.ts'

/** The session token that the request's cookie carries, whatever it is worth; null when there is none. */
export function requestToken(ctx: Context): string | null {
  const token = lucia(ctx.services).readSessionCookie(ctx.req.headers.cookie ?? '')
  return token && token.length <= 200 ? token : null
}
