import {
  type CandidateFilter,
  type CandidateRow,
  emptySelection,
  isEmptySelection,
  isSelected,
  refreshUsers,
  refusalOf,
  removeUsers,
  selectMatching,
  setSelected,
} from '@roster/domain'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { t } from '../../i18n/text.ts'
import { api } from '../../lib/api.ts'
import { onInvalidate } from '../../lib/refresh.ts'
import { type ChangeCount, countByHand, type MemberSelection, toChange } from './memberSelection.ts'

/** The most names that a message lists. */
const NAMES_MAX = 5
const EMPTY: MemberSelection = emptySelection()
/** What the server counted last, with the share by hand at that time. Later changes by hand add to it. */
const NO_COUNT = { added: 0, removed: 0, byHand: { added: 0, removed: 0 } }

/** The selection of a workspace's members, with the server's preview of what a save would change. */
export function usePickerSelection(workspaceId: string, listed: () => CandidateFilter) {
  const selection = shallowRef(EMPTY)
  const counted = shallowRef(NO_COUNT)
  /** The token of the preview; undefined until the selection's preview has come. */
  const token = ref<string>()
  const message = ref<string | null>(null)
  /** The number of users that a refused save would have added; the current number can still change. */
  const refusedCount = ref<number | null>(null)
  /** The state before the last "select all", with the list that it was for; null after any other change. */
  const undoable = shallowRef<{ selection: MemberSelection; counted: typeof NO_COUNT; key: string } | null>(null)
  let request = new AbortController()
  let latest: Promise<void> = Promise.resolve()
  let previewing = false
  let stopped = false

  const changes = computed<ChangeCount>(() => {
    const { added, removed, byHand } = counted.value
    const now = countByHand(selection.value)
    return { added: added + now.added - byHand.added, removed: removed + now.removed - byHand.removed }
  })
  /** A message about the selection itself: deleted users, or a number that changed. */
  const notice = computed(() => {
    const [before, n] = [refusedCount.value, changes.value.added]
    return before === null || before === n ? message.value : t('member.picker.countChanged', { before, n })
  })
  function setNotice(sentence: string | null, before: number | null = null): void {
    message.value = sentence
    refusedCount.value = before
  }

  const listIsMatching = computed(() => {
    const filter = JSON.stringify(listed())
    return selection.value.matching.some((each) => JSON.stringify(each) === filter)
  })
  /** Whether a listed user is a member after the save unless their box is cleared. */
  const matches = (row: CandidateRow): boolean =>
    row.member || listIsMatching.value || (row.matches && selection.value.matching.length > 0)

  function apply(next: MemberSelection): void {
    undoable.value = null
    selection.value = next
    token.value = undefined
    setNotice(null)
    if (previewing || next.matching.length > 0) previewQuietly()
  }
  function clear(): void {
    apply(EMPTY)
    counted.value = NO_COUNT
  }
  /** Selects all who match, `count` more than now. `matched`: the cleared users among them. */
  function selectAll(key: string, filter: CandidateFilter, count: number, matched: readonly string[]): void {
    const before = { selection: selection.value, counted: counted.value, key }
    if (filter.member) apply(removeUsers(selection.value, matched))
    else {
      apply(selectMatching(selection.value, filter, matched))
      counted.value = { ...counted.value, added: counted.value.added + count - matched.length }
    }
    undoable.value = before
  }
  function setRows(rows: readonly CandidateRow[], checked: boolean, undoKey?: string): void {
    const before = { selection: selection.value, counted: counted.value, key: undoKey ?? '' }
    apply(setSelected(selection.value, rows, checked, matches))
    if (undoKey !== undefined) undoable.value = before
  }
  function undoSelectAll(): void {
    const before = undoable.value
    if (!before) return
    apply(before.selection)
    counted.value = before.counted
  }

  /** Removes deleted users from the selection, and names them. */
  function removeDeleted(ids: readonly string[]): void {
    const { users, except } = selection.value
    const deleted = ids.flatMap((id) => users.get(id) ?? except.get(id) ?? [])
    if (deleted.length === 0) return
    selection.value = removeUsers(selection.value, ids)
    token.value = undefined
    const names = deleted.slice(0, NAMES_MAX).map(({ username }) => username)
    const sentence = t('member.picker.deleted', {
      n: deleted.length,
      names: names.join(', ') + (deleted.length > NAMES_MAX ? ' …' : ''),
    })
    const { added, removed } = changes.value
    setNotice(added + removed > 0 ? `${sentence} ${t('member.picker.saveRest')}` : sentence)
  }

  /** Asks the server what a save would change now. A newer call replaces an older one, which then waits for it. */
  function preview(): Promise<void> {
    request.abort()
    request = new AbortController()
    latest = load(request.signal)
    return latest
  }
  async function load(signal: AbortSignal): Promise<void> {
    if (isEmptySelection(selection.value)) {
      counted.value = NO_COUNT
      return
    }
    previewing = true
    try {
      const change = toChange(selection.value)
      const answer = await api.member.previewUpdate.query({ workspaceId, ...change }, { signal })
      if (signal.aborted) return stopped ? undefined : latest
      counted.value = { ...answer, byHand: countByHand(selection.value) }
      token.value = answer.token
    } catch (error) {
      if (signal.aborted) return stopped ? undefined : latest
      const refusal = refusalOf(error)
      if (refusal?.code !== 'UNKNOWN_IDS') throw error
      removeDeleted(refusal.details.ids)
      return preview()
    } finally {
      if (!signal.aborted) previewing = false
    }
  }
  const previewQuietly = (): void => void preview().catch(() => undefined)
  /** Newer rows of the users. They change no box, so the counts are left to the preview. */
  function refreshRows(rows: readonly CandidateRow[]): void {
    const shown = changes.value
    selection.value = refreshUsers(selection.value, rows)
    counted.value = { ...shown, byHand: countByHand(selection.value) }
  }
  const stop = onInvalidate((capability) => {
    if ((capability === 'member' || capability === 'user') && !isEmptySelection(selection.value)) previewQuietly()
  })
  onScopeDispose(() => {
    stopped = true
    stop()
    request.abort()
  })

  return {
    selection,
    changes,
    notice,
    setNotice,
    /** The list for which "select all" can be undone now. */
    undoKey: computed(() => undoable.value?.key ?? null),
    token,
    isChecked: (row: CandidateRow): boolean => isSelected(selection.value, row, matches(row)),
    refreshRows,
    setRows,
    selectAll,
    undoSelectAll,
    clear,
    removeDeleted,
    preview,
  }
}
export type PickerSelection = ReturnType<typeof usePickerSelection>
