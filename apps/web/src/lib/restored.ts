import { loadAnew } from './leave.ts'

/**
 * A page that the browser kept as it was, and shows again when somebody goes back, may be that of whoever was signed out or cut off meanwhile. Nothing of
 * it is shown; it is loaded anew, and asks who is there.
 */
export function reloadWhenRestored(): void {
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    document.body.hidden = true
    loadAnew()
  })
}
