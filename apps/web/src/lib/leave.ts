import type { SessionEndReason } from '@roster/domain'
import { refusalOf } from './failure.ts'
import { handedOver } from './handOver.ts'

let leaving = false

/** Whether the page is being left; what still fails then is nobody's concern. */
export function isLeaving(): boolean {
  return leaving
}

/**
 * Leaves for the sign-in page, to come back here afterwards. That page asks the server why the session is over and says so;
 * nothing of it stands in the address, where others could put words.
 */
export function leaveToSignIn(returnTo: string | null = location.pathname + location.search): void {
  if (leaving) return
  leaving = true
  const query = returnTo === null || returnTo === '/' ? '' : `?${new URLSearchParams({ return: returnTo }).toString()}`
  location.assign(`/sign-in${query}`)
}

/** Leaves because the session is over, unless this browser has another one in its place; tells whether it has. */
export async function leaveEnded(reason: SessionEndReason): Promise<boolean> {
  if (reason === 'password-changed' && (await handedOver())) return true
  leaveToSignIn()
  return false
}

/** Loads this page anew, whatever was typed on it: nobody is asked. */
export function loadAnew(): void {
  leaving = true
  location.reload()
}

/** What can only be mended by signing in: no session, a new password or a second factor that is due, a network one's role may not come from. */
const LEADS_TO_SIGN_IN: ReadonlySet<string> = new Set(['NOT_SIGNED_IN', 'PASSWORD_CHANGE_REQUIRED', 'SECOND_FACTOR_REQUIRED', 'NETWORK_NOT_ALLOWED'])

/** Leaves when an error means that nothing goes on without signing in. */
export function leaveOn(error: unknown): void {
  const refusal = refusalOf(error)
  if (refusal?.code === 'SESSION_ENDED') void leaveEnded(refusal.details.reason)
  else if (refusal && LEADS_TO_SIGN_IN.has(refusal.code)) leaveToSignIn()
}

/** Where nobody goes after signing in: another host (two slashes), the pages of signing in themselves, and what is no page at all, such as an export. */
const NO_PAGE = /^\/(\/|(sign-in|setup|link|invitation|trpc|export)\b)/

/** Where to go after signing in: a page of this console, or its start. Anything that could lead elsewhere is dropped. */
export function returnPath(search: string): string {
  const wanted = new URLSearchParams(search).get('return')
  const url = wanted?.startsWith('/') ? addressOf(wanted) : null
  // Asked of what is left of it: `/.//host` has our origin, and the path `//host`.
  return url?.origin === location.origin && !NO_PAGE.test(url.pathname) ? url.pathname + url.search + url.hash : '/'
}

/** Browsers of two years ago have no `URL.parse`. */
function addressOf(wanted: string): URL | null {
  try {
    return new URL(wanted, location.origin)
  } catch {
    return null
  }
}
