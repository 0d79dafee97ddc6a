import { type CandidateRow, type Candidates, isAborted, type MemberCandidates } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../../lib/api.ts'
import { onInvalidate } from '../../lib/refresh.ts'

/** What a list shows. The change is fixed when the list loads: a cleared box doesn't vanish under the pointer. */
export type CandidateQuery = Pick<MemberCandidates, 'filter' | 'only' | 'add' | 'remove'>

/** A loaded page with its own key and the key of the next page. Stale pages are reloaded when they become visible. */
interface Page {
  after: string | null
  next: string | null
  rows: readonly CandidateRow[]
  stale: boolean
}

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
  const loaded = shallowRef<{ query: CandidateQuery; pages: readonly Page[] }>({ query: {}, pages: [] })
  /** The number of matches of the list's filter, and how many of them the change leaves out. */
  const counts = shallowRef<Pick<Candidates, 'matching' | 'matchingUnselected'> | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  /** Whether another list is loading while the previous one is still shown. */
  const reloading = ref(false)
  const started = ref(false)
  let run = new AbortController()
  let visible = { first: 0, last: 0 }
  let refreshing = false

  /** The distinct rows, and the index at which each page starts. */
  const flat = computed(() => {
    const rows = new Map<string, CandidateRow>()
    const starts = loaded.value.pages.map((page) => {
      const start = rows.size
      for (const row of page.rows) if (!rows.has(row.id)) rows.set(row.id, row)
      return start
    })
    return { rows: [...rows.values()], starts }
  })
  const complete = computed(() => loaded.value.pages.at(-1)?.next === null)

  async function loadPage(from: CandidateQuery, after: string | null, signal: AbortSignal): Promise<Page> {
    const page = { size: 50 as const, ...(after === null ? {} : { after }) }
    const answer = await api.member.candidates.query({ workspaceId, ...from, page }, { signal })
    if (after === null && !signal.aborted) counts.value = answer
    onRows(answer.rows)
    return { after, next: answer.after, rows: answer.rows, stale: false }
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
      let pages: Page[] = []
      try {
        pages = [await loadPage(next, null, signal)]
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
    if (complete.value || loading.value) return Promise.resolve()
    return trackLoading(async (signal) => {
      const page = await loadPage(from, pages.at(-1)?.next ?? null, signal)
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
      for (let old = staleVisiblePage(); old; old = staleVisiblePage()) {
        const { query: from } = loaded.value
        const fresh = replaceRows(old, await loadPage(from, old.after, signal))
        if (signal.aborted) break
        loaded.value = { query: from, pages: loaded.value.pages.map((page) => (page === old ? fresh : page)) }
      }
    } catch (caught) {
      if (!signal.aborted && !isAborted(caught)) error.value = caught
    } finally {
      refreshing = false
    }
  }

  function staleVisiblePage(): Page | undefined {
    const { starts, rows } = flat.value
    // The first page also carries the counts.
    return loaded.value.pages.find(
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
    /** The filter of the rows. */
    filter: computed(() => loaded.value.query.filter ?? {}),
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

/** A new user can push old rows past the page's end; those stay, because the next page starts after them. */
function replaceRows(old: Page, fresh: Page): Page {
  const last = fresh.rows.at(-1)
  if (fresh.next === null || !last) return fresh
  const pushedOut = old.rows.filter(({ username }) => username > last.username)
  return { ...fresh, rows: [...fresh.rows, ...pushedOut], next: old.next ?? fresh.next }
}
