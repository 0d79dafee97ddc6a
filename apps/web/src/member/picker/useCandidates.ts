import { type CandidateRow, type Candidates, isAborted } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../../lib/api.ts'
import { onInvalidate } from '../../lib/refresh.ts'
import { type CandidatePage, type CandidateQuery, flatten, nextPage, replaceRows } from './candidatePages.ts'

interface Loaded {
  query: CandidateQuery
  pages: readonly CandidatePage[]
}

/** The number of matches of the list's filter, and how many of them are not members. */
export type CandidateCounts = Pick<Candidates, 'matching' | 'matchingNotMember'>

interface Options {
  workspaceId: string
  /** The list's content; called on each `reload`. */
  query: () => CandidateQuery
  /** Receives all rows that were loaded. */
  onRows: (rows: readonly CandidateRow[]) => void
}

/**
 * The picker's users, loaded page by page while scrolling. They stay outside of the query cache: after a change, only
 * the visible pages reload immediately, and the others when they become visible.
 */
export function useCandidates({ workspaceId, query, onRows }: Options) {
  const loaded = shallowRef<Loaded>({ query: { known: [], sources: [] }, pages: [] })
  const counts = shallowRef<CandidateCounts | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  /** Whether another list is loading while the previous one is still shown. */
  const reloading = ref(false)
  const started = ref(false)
  let run = new AbortController()
  let visible = { first: 0, last: 0 }
  let refreshing = false

  const flat = computed(() => flatten(loaded.value.query, loaded.value.pages))
  const complete = computed(() => started.value && nextPage(loaded.value.query, loaded.value.pages) === null)

  async function loadPage(
    from: CandidateQuery,
    at: Pick<CandidatePage, 'source' | 'after'>,
    signal: AbortSignal,
  ): Promise<CandidatePage> {
    const filter = from.sources[at.source]?.filter ?? {}
    const page = { size: 50 as const, ...(at.after === null ? {} : { after: at.after }) }
    const answer = await api.member.candidates.query({ workspaceId, filter, page }, { signal })
    if (at.source === 0 && at.after === null)
      counts.value = { matching: answer.matching, matchingNotMember: answer.matchingNotMember }
    onRows(answer.rows)
    return { ...at, next: answer.after, rows: answer.rows, stale: false }
  }

  async function trackLoading(load: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = run
    loading.value = true
    try {
      await load(signal)
      if (!signal.aborted) error.value = null
    } catch (caught) {
      if (!signal.aborted && !isAborted(caught)) error.value = caught
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  /** Loads the current query from its first page. The previous rows stay until that page has arrived. */
  function reload(): Promise<void> {
    run.abort()
    run = new AbortController()
    const next = query()
    reloading.value = true
    return trackLoading(async (signal) => {
      const at = nextPage(next, [])
      let pages: CandidatePage[] = []
      try {
        if (at) pages = [await loadPage(next, at, signal)]
      } finally {
        if (!signal.aborted) {
          if (pages.length === 0) counts.value = null
          loaded.value = { query: next, pages }
          started.value = true
          reloading.value = false
        }
      }
    })
  }

  /** Loads the next page, unless the list is complete or a page is loading. */
  function loadMore(): Promise<void> {
    const { query: from, pages } = loaded.value
    const at = nextPage(from, pages)
    if (!at || loading.value) return Promise.resolve()
    return trackLoading(async (signal) => {
      const page = await loadPage(from, at, signal)
      if (!signal.aborted) loaded.value = { query: from, pages: [...loaded.value.pages, page] }
    })
  }

  /** Sets the range of visible rows, and refreshes the stale pages in it. */
  function setVisibleRows(first: number, last: number): void {
    visible = { first, last }
    void refreshVisible()
  }

  async function refreshVisible(): Promise<void> {
    if (refreshing) return
    refreshing = true
    const { signal } = run
    try {
      for (let index = findStaleVisible(); index >= 0; index = findStaleVisible()) {
        const { query: from, pages } = loaded.value
        const old = pages[index]
        if (!old) break
        const fresh = await loadPage(from, old, signal)
        if (signal.aborted) break
        loaded.value = {
          query: from,
          pages: loaded.value.pages.map((page) => (page === old ? replaceRows(old, fresh.rows, fresh.next) : page)),
        }
      }
    } catch (caught) {
      if (!signal.aborted && !isAborted(caught)) error.value = caught
    } finally {
      refreshing = false
    }
  }

  function findStaleVisible(): number {
    const { starts, rows } = flat.value
    // The first page also carries the counts.
    return loaded.value.pages.findIndex(
      ({ stale }, index) =>
        stale &&
        (index === 0 || ((starts[index] ?? 0) <= visible.last && (starts[index + 1] ?? rows.length) >= visible.first)),
    )
  }

  const stop = onInvalidate((capability) => {
    if (capability !== 'member' && capability !== 'user') return
    loaded.value = { ...loaded.value, pages: loaded.value.pages.map((page) => ({ ...page, stale: true })) }
    void refreshVisible()
  })
  onScopeDispose(() => {
    stop()
    run.abort()
  })

  return {
    rows: computed(() => flat.value.rows),
    counts,
    error,
    loading,
    reloading,
    started,
    complete,
    reload,
    loadMore,
    setVisibleRows,
  }
}
