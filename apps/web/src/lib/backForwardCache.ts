import { reloadPage } from './signInRedirect.ts'

/**
 * Reloads a page that the browser restores from its back/forward cache. It may belong to a user who has signed out or
 * lost access, so nothing of it is shown before.
 */
export function reloadWhenRestored(): void {
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    document.body.hidden = true
    reloadPage()
  })
}
