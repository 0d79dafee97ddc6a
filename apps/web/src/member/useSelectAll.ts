import { COUNT_MAX } from '@roster/domain'
import { computed, onScopeDispose, type Ref, ref } from 'vue'
import { t } from '../i18n/text.ts'
import { type CandidateMatch, covers } from './candidateMatch.ts'
import { readAllMatching } from './candidateReads.ts'
import { canCheckMatching, checkMatching, forgetCleared, learn, tick } from './memberSelection.ts'
import type { PickerShow } from './pickerView.ts'
import type { useCandidates } from './useCandidates.ts'
import type { PickerSelection } from './usePickerSelection.ts'

interface Options {
  workspaceId: string
  filter: Ref<CandidateMatch>
  show: Ref<PickerShow>
  list: ReturnType<typeof useCandidates>
  of: PickerSelection
}

/**
 * "Select all matching": ticks everybody who matches the filter and clears nobody. When all of them are loaded, their boxes are ticked one by one.
 * Else the filter itself becomes part of the selection, and the server finds whom it means when saving. A save takes one filter, so while another
 * one is pending that doesn't contain this one, the people of this one are read first and ticked one by one.
 */
export function useSelectAll({ workspaceId, filter, show, list, of }: Options) {
  const { selection, decide, changes, checked } = of
  /** How many have been read for it so far; null when nothing is being read. */
  const gathering = ref<number | null>(null)
  const stopped = new AbortController()
  onScopeDispose(() => stopped.abort())

  const membership = computed(() => (show.value === 'members' || show.value === 'others' ? show.value : 'all'))
  const others = computed(() => (show.value === 'members' ? 0 : (list.counts.value?.matchingNotMember ?? 0)))
  const forgotten = computed(() => forgetCleared(selection.value, filter.value, membership.value))
  const what = computed(() => JSON.stringify([show.value, filter.value]))

  /** Whether the pending "select all" means these people too. */
  const within = computed(() => {
    const pending = selection.value.matching
    return pending !== null && covers(pending.filter, filter.value)
  })
  /** Whether everybody who matches is ticked already. */
  const done = computed(() => {
    if (list.complete.value) return list.rows.value.every(checked)
    if (forgotten.value.chosen.size < selection.value.chosen.size) return false
    return others.value === 0 || of.lastAll.value === what.value || within.value
  })
  /** Why it can't be done; null when it can. */
  const reason = computed(() => {
    if (others.value >= COUNT_MAX) return t('member.picker.tooMany', { n: COUNT_MAX })
    return !done.value && !within.value && changes.value.added + others.value > COUNT_MAX ? t('member.picker.saveFirst', { n: COUNT_MAX }) : null
  })

  /** @throws what reading people throws */
  async function selectAll(): Promise<void> {
    if (list.reloading.value || done.value || reason.value !== null || gathering.value !== null) return
    if (list.complete.value) decide(tick(selection.value, list.rows.value.map(of.latest), true), what.value)
    else if (membership.value === 'members') decide(forgotten.value, what.value)
    else if (canCheckMatching(selection.value, filter.value)) decide(checkMatching(forgotten.value, filter.value, others.value), what.value)
    else await gather()
  }

  async function gather(): Promise<void> {
    const [wanted, named] = [filter.value, what.value]
    const of = membership.value
    gathering.value = 0
    try {
      const rows = await readAllMatching(workspaceId, { ...wanted, member: false }, stopped.signal, (count) => {
        gathering.value = count
      })
      decide(tick(forgetCleared(learn(selection.value, rows), wanted, of), rows, true), named)
    } finally {
      gathering.value = null
    }
  }

  return { gathering, all: computed(() => ({ done: done.value, reason: reason.value })), selectAll, canGoBack: computed(() => of.lastAll.value === what.value) }
}
