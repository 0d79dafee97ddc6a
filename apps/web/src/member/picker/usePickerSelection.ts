import { useQuery } from '@pinia/colada'
import type { CandidateRow } from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { t } from '../../i18n/text.ts'
import { onInvalidate } from '../../lib/refresh.ts'
import { nonMemberCountQuery } from '../member.queries.ts'
import { fetchCandidates } from './fetchCandidates.ts'
import {
  countChanges,
  EMPTY_SELECTION,
  isChecked,
  type MemberSelection,
  removeOverrides,
  setMatchingCount,
  syncRows,
} from './memberSelection.ts'

/** The number of overrides that are refreshed after each change; the save itself settles the rest. */
const REFRESH_MAX = 500
/** The most names that a message lists. */
const NAMES_MAX = 5

/** The selection for a workspace's members, kept in sync with the server. */
export function usePickerSelection(workspaceId: string) {
  const selection = shallowRef<MemberSelection>(EMPTY_SELECTION)
  const message = ref<string | null>(null)
  /** The number of users that a refused save would have added; the current number can still change. */
  const refusedCount = ref<number | null>(null)
  /** A message about the selection itself: deleted users, or a number that changed. */
  const notice = computed<string | null>({
    get() {
      const [before, n] = [refusedCount.value, countChanges(selection.value).added]
      return before === null || before === n ? message.value : t('member.picker.countChanged', { before, n })
    },
    set(sentence) {
      message.value = sentence
      refusedCount.value = null
    },
  })
  /** The last "select all" with the selection before it; null after any other change. */
  const lastSelectAll = shallowRef<{ before: MemberSelection; after: MemberSelection; key: string } | null>(null)
  const stopped = new AbortController()

  const nonMemberCount = useQuery(() => ({
    ...nonMemberCountQuery({ workspaceId, filter: selection.value.matching?.filter ?? {} }),
    enabled: selection.value.matching !== null,
    staleTime: 0,
  }))
  watch(nonMemberCount.data, (count) => {
    if (count) sync(setMatchingCount(selection.value, count.count))
  })

  /** Applies a change from the server, which leaves "select all" undoable. */
  function sync(next: MemberSelection): void {
    if (lastSelectAll.value?.after === selection.value) lastSelectAll.value = { ...lastSelectAll.value, after: next }
    selection.value = next
  }
  /** Applies a change by hand. `selectAllKey` marks a "select all", which can be undone. */
  function apply(next: MemberSelection, selectAllKey?: string): void {
    lastSelectAll.value =
      selectAllKey === undefined ? null : { before: selection.value, after: next, key: selectAllKey }
    selection.value = next
    notice.value = null
  }
  function undoSelectAll(): void {
    if (lastSelectAll.value) apply(lastSelectAll.value.before)
  }
  /** Removes deleted users from the selection, and names them. */
  function removeDeleted(ids: readonly string[]): void {
    const deleted = ids.flatMap((id) => selection.value.overrides.get(id)?.row ?? [])
    if (deleted.length === 0) return
    sync(removeOverrides(selection.value, ids))
    const names = deleted.slice(0, NAMES_MAX).map(({ username }) => username)
    const { added, removed } = countChanges(selection.value)
    const sentence = t('member.picker.deleted', {
      n: deleted.length,
      names: names.join(', ') + (deleted.length > NAMES_MAX ? ' …' : ''),
    })
    notice.value = added + removed > 0 ? `${sentence} ${t('member.picker.saveRest')}` : sentence
  }
  /** Counts the matches of the pending filter again. `before` is the number that the refused save would have added. */
  async function refreshCount(before: number): Promise<void> {
    const { data } = await nonMemberCount.refetch()
    if (data) sync(setMatchingCount(selection.value, data.count))
    notice.value = null
    refusedCount.value = before
  }

  // Overrides can lie far outside the visible rows, so their users are loaded separately.
  async function refreshOverrides(max: number): Promise<void> {
    const ids = [...selection.value.overrides.keys()].slice(0, max)
    if (ids.length === 0) return
    const rows = await fetchCandidates(workspaceId, ids, stopped.signal)
    sync(syncRows(selection.value, rows))
    const existing = new Set(rows.map(({ id }) => id))
    removeDeleted(ids.filter((id) => !existing.has(id)))
  }
  /** Refreshes everything that a save depends on; resolves once the server has answered. */
  async function refresh(): Promise<void> {
    await refreshOverrides(Number.POSITIVE_INFINITY)
    if (selection.value.matching === null) return
    const { data } = await nonMemberCount.refetch()
    if (data) sync(setMatchingCount(selection.value, data.count))
  }
  const stop = onInvalidate((capability) => {
    if (capability === 'member' || capability === 'user') void refreshOverrides(REFRESH_MAX).catch(() => undefined)
  })
  onScopeDispose(() => {
    stop()
    stopped.abort()
  })

  /** The newest known row of a user. */
  const latest = (row: CandidateRow): CandidateRow => selection.value.overrides.get(row.id)?.row ?? row
  return {
    selection,
    notice,
    /** The key of the "select all" that can be undone now. */
    lastSelectAll: computed(() => (lastSelectAll.value?.after === selection.value ? lastSelectAll.value.key : null)),
    changes: computed(() => countChanges(selection.value)),
    latest,
    isChecked: (row: CandidateRow): boolean => isChecked(selection.value, latest(row)),
    syncRows: (rows: readonly CandidateRow[]): void => sync(syncRows(selection.value, rows)),
    apply,
    undoSelectAll,
    removeDeleted,
    refreshCount,
    refresh,
  }
}
export type PickerSelection = ReturnType<typeof usePickerSelection>
