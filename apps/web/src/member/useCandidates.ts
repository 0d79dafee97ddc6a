import type { CandidateRow, Candidates } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '../lib/api.ts'
import { isAborted } from '../lib/failure.ts'
import { onStale } from '../lib/refresh.ts'
import { type CandidatePage, type CandidateView, flatten, nextOf, renewed } from './candidatePages.ts'

interface Loaded {
  view: CandidateView
  pages: readonly CandidatePage[]
}

/** How many match what the list was asked for, and how many of those are no members. */
export type CandidateCounts = Pick<Candidates, 'matching' | 'matchingNotMember'>

interface Options {
  workspaceId: string
  /** What to show; asked on each `reload`. */
  view: () => CandidateView
  /** Is told of everybody who was read. */
  learn: (rows: readonly CandidateRow[]) => void
}

/**
 * The people of the picker, read page by page as one scrolls. Kept outside of the query cache: when something changed, the pages in sight are
 * read again at once and the others when they come into sight, however many there are.
 */
export function useCandidates({ workspaceId, view, learn }: Options) {
  const loaded = shallowRef<Loaded>({ view: { known: [], sources: [] }, pages: [] })
  const counts = shallowRef<CandidateCounts | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  /** Whether another list is on its way, and what is shown is still the one before. */
  const reloading = ref(false)
  const started = ref(false)
  let run = new AbortController()
  let seen = { first: 0, last: 0 }
  let renewing = false

  const flat = computed(() => flatten(loaded.value.view, loaded.value.pages))
  const complete = computed(() => started.value && nextOf(loaded.value.view, loaded.value.pages) === null)

  async function read(of: CandidateView, at: Pick<CandidatePage, 'source' | 'after'>, signal: AbortSignal): Promise<CandidatePage> {
    const filter = of.sources[at.source]?.filter ?? {}
    const page = { size: 50 as const, ...(at.after === null ? {} : { after: at.after }) }
    const answer = await api.member.candidates.query({ workspaceId, filter, page }, { signal })
    if (at.source === 0 && at.after === null) counts.value = { matching: answer.matching, matchingNotMember: answer.matchingNotMember }
    learn(answer.rows)
    return { ...at, next: answer.after, rows: answer.rows, stale: false }
  }

  async function guarded(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = run
    loading.value = true
    try {
      await work(signal)
      if (!signal.aborted) error.value = null
    } catch (caught) {
      if (!signal.aborted && !isAborted(caught)) error.value = caught
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  /** Shows the view as it is now, from its beginning. What is shown stays until the first page is there. */
  function reload(): Promise<void> {
    run.abort()
    run = new AbortController()
    const next = view()
    reloading.value = true
    return guarded(async (signal) => {
      const at = nextOf(next, [])
      let pages: CandidatePage[] = []
      try {
        if (at) pages = [await read(next, at, signal)]
      } finally {
        if (!signal.aborted) {
          if (pages.length === 0) counts.value = null
          loaded.value = { view: next, pages }
          started.value = true
          reloading.value = false
        }
      }
    })
  }

  /** Reads the next page, if there is one and none is being read. */
  function more(): Promise<void> {
    const { view: of, pages } = loaded.value
    const at = nextOf(of, pages)
    if (!at || loading.value) return Promise.resolve()
    return guarded(async (signal) => {
      const page = await read(of, at, signal)
      if (!signal.aborted) loaded.value = { view: of, pages: [...loaded.value.pages, page] }
    })
  }

  /** Which rows are in sight. */
  function look(first: number, last: number): void {
    seen = { first, last }
    void renewSeen()
  }

  async function renewSeen(): Promise<void> {
    if (renewing) return
    renewing = true
    const { signal } = run
    try {
      for (let index = staleInSight(); index >= 0; index = staleInSight()) {
        const { view: of, pages } = loaded.value
        const old = pages[index]
        if (!old) break
        const fresh = await read(of, old, signal)
        if (signal.aborted) break
        loaded.value = { view: of, pages: loaded.value.pages.map((page) => (page === old ? renewed(old, fresh.rows, fresh.next) : page)) }
      }
    } catch (caught) {
      if (!signal.aborted && !isAborted(caught)) error.value = caught
    } finally {
      renewing = false
    }
  }

  function staleInSight(): number {
    const { starts, rows } = flat.value
    // The first page also says how many match in all.
    return loaded.value.pages.findIndex(
      ({ stale }, index) => stale && (index === 0 || ((starts[index] ?? 0) <= seen.last && (starts[index + 1] ?? rows.length) >= seen.first)),
    )
  }

  const stop = onStale((capability) => {
    if (capability !== 'member' && capability !== 'user') return
    loaded.value = { ...loaded.value, pages: loaded.value.pages.map((page) => ({ ...page, stale: true })) }
    void renewSeen()
  })
  onScopeDispose(() => {
    stop()
    run.abort()
  })

  return { rows: computed(() => flat.value.rows), counts, error, loading, reloading, started, complete, reload, more, look }
}
