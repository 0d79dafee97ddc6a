import { COUNT_MAX } from '@roster/domain'
import { computed, onScopeDispose, type Ref, ref } from 'vue'
import { t } from '../../i18n/text.ts'
import { type CandidateMatch, covers } from './candidateMatch.ts'
import type { PickerTab } from './candidateQuery.ts'
import { fetchAllMatching } from './fetchCandidates.ts'
import { canSelectMatching, resetCleared, selectMatching, setChecked, syncRows } from './memberSelection.ts'
import type { useCandidates } from './useCandidates.ts'
import type { PickerSelection } from './usePickerSelection.ts'

interface Options {
  workspaceId: string
  filter: Ref<CandidateMatch>
  tab: Ref<PickerTab>
  list: ReturnType<typeof useCandidates>
  picked: PickerSelection
}

/**
 * "Select all matching": checks every match of the filter and clears no box. If all matches are loaded, each box is
 * checked. Otherwise the filter becomes part of the selection, and the server resolves it on save.
 * A save takes one filter; if another one is pending that doesn't cover this one, the matches of this one are loaded
 * and checked.
 */
export function useSelectAll({ workspaceId, filter, tab, list, picked }: Options) {
  const { selection, apply, changes, isChecked } = picked
  /** The number of users loaded for it so far; null when none are loading. */
  const progress = ref<number | null>(null)
  const stopped = new AbortController()
  onScopeDispose(() => stopped.abort())

  const membership = computed(() => (tab.value === 'members' || tab.value === 'nonMembers' ? tab.value : 'all'))
  const nonMemberCount = computed(() => (tab.value === 'members' ? 0 : (list.counts.value?.matchingNotMember ?? 0)))
  const withoutCleared = computed(() => resetCleared(selection.value, filter.value, membership.value))
  const key = computed(() => JSON.stringify([tab.value, filter.value]))

  /** Whether the pending "select all" covers this filter. */
  const covered = computed(() => {
    const pending = selection.value.matching
    return pending !== null && covers(pending.filter, filter.value)
  })
  /** Whether every match is checked already. */
  const done = computed(() => {
    if (list.complete.value) return list.rows.value.every(isChecked)
    if (withoutCleared.value.overrides.size < selection.value.overrides.size) return false
    return nonMemberCount.value === 0 || picked.lastSelectAll.value === key.value || covered.value
  })
  /** Why it is unavailable; null when it is available. */
  const reason = computed(() => {
    if (nonMemberCount.value >= COUNT_MAX) return t('member.picker.tooMany', { n: COUNT_MAX })
    return !done.value && !covered.value && changes.value.added + nonMemberCount.value > COUNT_MAX
      ? t('member.picker.saveFirst', { n: COUNT_MAX })
      : null
  })

  /** @throws what loading users throws */
  async function run(): Promise<void> {
    if (list.reloading.value || done.value || reason.value !== null || progress.value !== null) return
    if (list.complete.value) apply(setChecked(selection.value, list.rows.value.map(picked.latest), true), key.value)
    else if (membership.value === 'members') apply(withoutCleared.value, key.value)
    else if (canSelectMatching(selection.value, filter.value))
      apply(selectMatching(withoutCleared.value, filter.value, nonMemberCount.value), key.value)
    else await loadAndCheck()
  }

  async function loadAndCheck(): Promise<void> {
    // The filter may change while the users are loading.
    const [loadedFilter, loadedKey] = [filter.value, key.value]
    const loadedMembership = membership.value
    progress.value = 0
    try {
      const rows = await fetchAllMatching(workspaceId, { ...loadedFilter, member: false }, stopped.signal, (count) => {
        progress.value = count
      })
      apply(
        setChecked(resetCleared(syncRows(selection.value, rows), loadedFilter, loadedMembership), rows, true),
        loadedKey,
      )
    } finally {
      progress.value = null
    }
  }

  return {
    progress,
    state: computed(() => ({ done: done.value, reason: reason.value })),
    run,
    canUndo: computed(() => picked.lastSelectAll.value === key.value),
  }
}
