import { type CandidateFilter, COUNT_MAX, SELECTION_FILTERS_MAX } from '@roster/domain'
import { computed, type Ref, ref } from 'vue'
import { t } from '../../i18n/text.ts'
import { api } from '../../lib/api.ts'
import type { useCandidates } from './useCandidates.ts'
import type { PickerSelection } from './usePickerSelection.ts'

/** The most ids of one request that asks which of them match. */
const PAGE_SIZE = 50

interface Options {
  workspaceId: string
  filter: Ref<CandidateFilter>
  /** Names the list: its tab and its filter. */
  key: Ref<string>
  list: ReturnType<typeof useCandidates>
  picked: PickerSelection
}

/**
 * "Select all matching": checks every match, loaded or not, and clears no box. If all matches are loaded, each box is
 * checked. Otherwise the filter becomes part of the selection, and the server resolves it on save.
 */
export function useSelectAll({ workspaceId, filter, key, list, picked }: Options) {
  const { selection, changes } = picked
  /** Whether the cleared users who match are being looked up. */
  const selecting = ref(false)
  const unselected = computed(() => list.counts.value?.matchingUnselected ?? 0)
  const canUndo = computed(() => picked.undoKey.value === key.value)
  /** Whether every match is checked already. */
  const done = computed(
    () => list.rows.value.every(picked.isChecked) && (list.complete.value || unselected.value === 0 || canUndo.value),
  )
  /** Why it is unavailable; null when it is available. */
  const reason = computed(() => {
    if (unselected.value >= COUNT_MAX) return t('member.picker.tooMany', { n: COUNT_MAX })
    const isBeyondOneSave =
      changes.value.added + unselected.value > COUNT_MAX || selection.value.matching.length >= SELECTION_FILTERS_MAX
    return !done.value && isBeyondOneSave ? t('member.picker.saveFirst', { n: COUNT_MAX }) : null
  })

  /** @throws what the server throws */
  async function run(): Promise<void> {
    if (list.reloading.value || done.value || reason.value !== null) return
    if (list.complete.value) return picked.setRows(list.rows.value, true, key.value)
    // The filter may change while the answer is on its way.
    const [chosen, chosenKey, count] = [filter.value, key.value, unselected.value]
    selecting.value = true
    try {
      picked.selectAll(chosenKey, chosen, count, await matchesAmong([...selection.value.except.keys()], chosen))
    } finally {
      selecting.value = false
    }
  }
  async function matchesAmong(ids: readonly string[], chosen: CandidateFilter): Promise<string[]> {
    const matching: string[] = []
    for (let start = 0; start < ids.length; start += PAGE_SIZE) {
      const input = { workspaceId, filter: chosen, ids: ids.slice(start, start + PAGE_SIZE) }
      matching.push(...(await api.member.candidates.query(input)).rows.map(({ id }) => id))
    }
    return matching
  }

  return { selecting, state: computed(() => ({ done: done.value, reason: reason.value })), canUndo, run }
}
