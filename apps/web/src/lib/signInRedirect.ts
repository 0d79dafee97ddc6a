import { refusalOf, type SessionEndReason } from '@roster/domain'
import { hasSession } from './hasSession.ts'

let leaving = false

/** Whether the page is being left. Calls that fail from then on show nothing. */
export function isLeaving(): boolean {
  return leaving
}

/**
 * Goes to the sign-in page, which leads back here. That page asks the server why the session ended: the address carries
 * no text, since others could write it.
 */
export function redirectToSignIn(returnTo: string | null = location.pathname + location.search): void {
  if (leaving) return
  leaving = true
  const query = returnTo === null || returnTo === '/' ? '' : `?${new URLSearchParams({ return: returnTo }).toString()}`
  location.assign(`/sign-in${query}`)
}

/** Goes to the sign-in page, unless a new session replaced the ended one. Resolves to whether it did. */
export async function handleSessionEnd(reason: SessionEndReason): Promise<boolean> {
  if (reason === 'password-changed' && (await hasSession())) return true
  redirectToSignIn()
  return false
}

/** Reloads the page without asking about unsaved input. */
export function reloadPage(): void {
  leaving = true
  location.reload()
}

/** Refusals that only the sign-in page can handle. */
const NEEDS_SIGN_IN: ReadonlySet<string> = new Set([
  'NOT_SIGNED_IN',
  'PASSWORD_CHANGE_REQUIRED',
  'SECOND_FACTOR_REQUIRED',
  'NETWORK_NOT_ALLOWED',
])

/** Goes to the sign-in page if the error needs it. */
export function redirectOnSessionError(error: unknown): void {
  const refusal = refusalOf(error)
  if (refusal?.code === 'SESSION_ENDED') void handleSessionEnd(refusal.details.reason)
  else if (refusal && NEEDS_SIGN_IN.has(refusal.code)) redirectToSignIn()
}

/**
 * No target after signing in: another host (two slashes), the sign-in pages, and addresses that are no page, such as an
 * export.
 */
const NO_PAGE = /^\/(\/|(sign-in|setup|link|invitation|trpc|export)\b)/

/** The page to open after signing in, from the query: a page of this console, else its home. Never another host. */
export function returnPath(search: string): string {
  const wanted = new URLSearchParams(search).get('return')
  const url = wanted?.startsWith('/') ? parseUrl(wanted) : null
  // Checks the parsed path: `/.//host` has our origin and the path `//host`.
  return url?.origin === location.origin && !NO_PAGE.test(url.pathname) ? url.pathname + url.search + url.hash : '/'
}

/** `URL.parse`, which older browsers lack. */
function parseUrl(wanted: string): URL | null {
  try {
    return new URL(wanted, location.origin)
  } catch {
    return null
  }
}
