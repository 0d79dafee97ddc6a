/** What a tab needs to know of its page. */
export interface TabPage {
  isVisible: () => boolean
  /** Returns a function that stops listening. */
  listen: (handlers: { shown: () => void; frozen: () => void; left: () => void }) => () => void
}

/** The page of this tab. */
export const tabPage: TabPage = {
  isVisible: () => !document.hidden,
  listen({ shown, frozen, left }) {
    const abort = new AbortController()
    const { signal } = abort
    const shownNow = () => {
      if (!document.hidden) shown()
    }
    document.addEventListener('visibilitychange', shownNow, { signal })
    document.addEventListener('resume', shown, { signal })
    document.addEventListener('freeze', frozen, { signal })
    // A page that the browser restores reloads, so a page that is left doesn't come back.
    addEventListener('pagehide', left, { signal })
    return () => abort.abort()
  },
}
