import { useQuery } from '@pinia/colada'
import type { CandidateRow } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { t } from '../i18n/text.ts'
import { onStale } from '../lib/refresh.ts'
import { readUserRows } from './candidateReads.ts'
import { othersCountQuery } from './member.queries.ts'
import { countChanges, drop, isChecked, learn, type MemberSelection, NOTHING_SELECTED, recount } from './memberSelection.ts'

/** So many boxes changed by hand are followed while others save; what is beyond is settled by the save itself. */
const FOLLOWED = 500
/** The most names that a message spells out. */
const NAMED = 5

/** What one has in mind for a workspace's members, kept up to date with what the server says of them meanwhile. */
export function usePickerSelection(workspaceId: string) {
  const selection = shallowRef<MemberSelection>(NOTHING_SELECTED)
  /** What to tell about the selection itself: people who are gone, another number than was seen. */
  const said = ref<string | null>(null)
  /** How many a save would have added that was refused because others match by now; the present number goes on counting. */
  const refusedAt = ref<number | null>(null)
  const notice = computed<string | null>({
    get() {
      const [seen, n] = [refusedAt.value, countChanges(selection.value).added]
      return seen === null || seen === n ? said.value : t('member.picker.recounted', { seen, n })
    },
    set(sentence) {
      said.value = sentence
      refusedAt.value = null
    },
  })
  /** The way back from the last "select all", as long as nothing else was decided since. */
  const way = shallowRef<{ back: MemberSelection; from: MemberSelection; what: string } | null>(null)
  const stopped = new AbortController()

  const counted = useQuery(() => ({
    ...othersCountQuery({ workspaceId, filter: selection.value.matching?.filter ?? {} }),
    enabled: selection.value.matching !== null,
    staleTime: 0,
  }))
  watch(counted.data, (now) => {
    if (now) take(recount(selection.value, now.count))
  })

  /** Takes over news of the server, which are no decision of whoever sits here. */
  function take(next: MemberSelection): void {
    if (way.value?.from === selection.value) way.value = { ...way.value, from: next }
    selection.value = next
  }
  /** Takes over a decision. `what` names a "select all", which can be taken back. */
  function decide(next: MemberSelection, what?: string): void {
    way.value = what === undefined ? null : { back: selection.value, from: next, what }
    selection.value = next
    notice.value = null
  }
  function goBack(): void {
    if (way.value) decide(way.value.back)
  }
  /** Drops people who are not there any more, and says who. */
  function forget(ids: readonly string[]): void {
    const gone = ids.flatMap((id) => selection.value.chosen.get(id)?.row ?? [])
    if (gone.length === 0) return
    take(drop(selection.value, ids))
    const names = gone.slice(0, NAMED).map(({ username }) => username)
    const { added, removed } = countChanges(selection.value)
    const sentence = t('member.picker.gone', { n: gone.length, names: names.join(', ') + (gone.length > NAMED ? ' …' : '') })
    notice.value = added + removed > 0 ? `${sentence} ${t('member.picker.restRemains')}` : sentence
  }
  /** Counts anew whom the pending filter adds, and says so. `seen` is how many the refused save would have added: a live count may have come in since. */
  async function countAgain(seen: number): Promise<void> {
    const { data } = await counted.refetch()
    if (data) take(recount(selection.value, data.count))
    notice.value = null
    refusedAt.value = seen
  }

  // What is known of the boxes that were changed here, which may be far out of sight, is read again when somebody else changed something.
  async function follow(most: number): Promise<void> {
    const ids = [...selection.value.chosen.keys()].slice(0, most)
    if (ids.length === 0) return
    const rows = await readUserRows(workspaceId, ids, stopped.signal)
    take(learn(selection.value, rows))
    const there = new Set(rows.map(({ id }) => id))
    forget(ids.filter((id) => !there.has(id)))
  }
  /** Reads anew all that a save would rest on; comes back when the server has answered. */
  async function lookAgain(): Promise<void> {
    await follow(Number.POSITIVE_INFINITY)
    if (selection.value.matching === null) return
    const { data } = await counted.refetch()
    if (data) take(recount(selection.value, data.count))
  }
  const stop = onStale((capability) => {
    if (capability === 'member' || capability === 'user') void follow(FOLLOWED).catch(() => undefined)
  })
  onScopeDispose(() => {
    stop()
    stopped.abort()
  })

  /** A person as they are known now, wherever that was read. */
  const latest = (row: CandidateRow): CandidateRow => selection.value.chosen.get(row.id)?.row ?? row
  return {
    selection,
    notice,
    /** Which "select all" could be taken back now. */
    lastAll: computed(() => (way.value?.from === selection.value ? way.value.what : null)),
    changes: computed(() => countChanges(selection.value)),
    latest,
    checked: (row: CandidateRow): boolean => isChecked(selection.value, latest(row)),
    learnRows: (rows: readonly CandidateRow[]): void => take(learn(selection.value, rows)),
    decide,
    goBack,
    forget,
    countAgain,
    lookAgain,
  }
}
export type PickerSelection = ReturnType<typeof usePickerSelection>
