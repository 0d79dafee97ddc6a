import { refusalOf } from './failure.ts'

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

/** Leaves when an error means that there is no session any more, or that a new password is due. */
export function leaveOn(error: unknown): void {
  const code = refusalOf(error)?.code
  if (code === 'NOT_SIGNED_IN' || code === 'SESSION_ENDED' || code === 'PASSWORD_CHANGE_REQUIRED') leaveToSignIn()
}

/** Where to go after signing in: a path of this console, or its start. Anything that could lead elsewhere is dropped. */
export function returnPath(search: string): string {
  const wanted = new URLSearchParams(search).get('return')
  if (wanted === null || !wanted.startsWith('/')) return '/'
  const url = new URL(wanted, location.origin)
  return url.origin === location.origin && !/^\/(sign-in|setup|link)\b/.test(url.pathname) ? url.pathname + url.search + url.hash : '/'
}
