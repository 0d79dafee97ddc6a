import {
  type CandidateRow,
  isAborted,
  isUnanswered,
  type MemberUpdated,
  type Role,
  refusalOf,
  type WorkspaceDetail,
} from '@roster/domain'
import { computed, ref, watch } from 'vue'
import { t } from '../../i18n/text.ts'
import { errorSentence } from '../../lib/refusal.ts'
import { useChange } from '../../lib/useChange.ts'
import type { CandidateMatch } from './candidateMatch.ts'
import { candidateQuery, type PickerTab } from './candidateQuery.ts'
import { EMPTY_SELECTION, setChecked, toMemberUpdate } from './memberSelection.ts'
import { useCandidates } from './useCandidates.ts'
import { usePickerSelection } from './usePickerSelection.ts'
import { useSelectAll } from './useSelectAll.ts'

/**
 * The member picker of one workspace: its list, its boxes and its save. An archived workspace only allows removing
 * members.
 */
export function useMemberPicker(workspace: WorkspaceDetail) {
  const workspaceId = workspace.id
  const archived = workspace.archivedAt !== null
  const search = ref('')
  const roles = ref<Role[]>([])
  const tab = ref<PickerTab>(archived ? 'members' : 'all')
  const failure = ref<string | null>(null)
  /** A save got no answer, and its outcome isn't known yet. */
  const unanswered = ref(false)
  const { mutateAsync: updateMembers, isLoading: saving } = useChange('member.update')

  const filter = computed<CandidateMatch>(() => ({
    ...(search.value === '' ? {} : { search: search.value }),
    ...(roles.value.length === 0 ? {} : { role: [...roles.value] }),
  }))
  const picked = usePickerSelection(workspaceId)
  const list = useCandidates({
    workspaceId,
    query: () => candidateQuery(tab.value, filter.value, picked.selection.value),
    onRows: picked.syncRows,
  })
  const selectAll = useSelectAll({ workspaceId, filter, tab, list, picked })
  watch([search, roles, tab], () => void list.reload(), { immediate: true, flush: 'sync' })

  const dirty = computed(() => picked.changes.value.added + picked.changes.value.removed > 0)
  const locked = computed(() => saving.value || selectAll.progress.value !== null)
  /** Whether the user's box can be changed: in an archived workspace only a member's can. */
  const canChange = (row: CandidateRow): boolean => !archived || picked.latest(row).member

  function check(rows: readonly CandidateRow[], checked: boolean): void {
    if (locked.value) return
    failure.value = null
    picked.apply(setChecked(picked.selection.value, rows.filter(canChange).map(picked.latest), checked))
  }
  async function checkAll(): Promise<void> {
    if (locked.value || archived) return
    failure.value = null
    await selectAll.run().catch((error: unknown) => {
      if (!isAborted(error)) failure.value = errorSentence(error)
    })
  }
  /** Lists everything that a save would change. */
  function review(): void {
    search.value = ''
    roles.value = []
    tab.value = 'changes'
  }
  function showAll(): void {
    tab.value = archived ? 'members' : 'all'
  }
  function clear(): void {
    if (locked.value) return
    failure.value = null
    picked.apply(EMPTY_SELECTION)
    if (tab.value === 'changes') showAll()
    else if (tab.value === 'selected') void list.reload()
  }

  // The save may have arrived or not; a refresh shows which, once the server answers again.
  async function resolveUnanswered(): Promise<void> {
    unanswered.value = true
    failure.value = t('member.picker.unanswered')
    try {
      await picked.refresh()
      failure.value = dirty.value ? t('member.picker.notSaved') : null
      if (!dirty.value) picked.notice.value = t('member.picker.alreadySaved')
    } catch (error) {
      if (!isAborted(error)) failure.value = errorSentence(error)
    } finally {
      unanswered.value = false
    }
  }

  /**
   * Saves the selection; null when the save failed. The picker then shows the reason and keeps what can still be saved.
   */
  async function save(): Promise<MemberUpdated | null> {
    if (!dirty.value || locked.value || unanswered.value) return null
    failure.value = null
    picked.notice.value = null
    const { added } = picked.changes.value
    try {
      const result = await updateMembers(toMemberUpdate(workspaceId, picked.selection.value))
      picked.apply(EMPTY_SELECTION)
      return result
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.code === 'UNKNOWN_IDS') picked.removeDeleted(refusal.details.ids)
      else if (refusal?.code === 'PREVIEW_OUTDATED') await picked.refreshCount(added).catch(() => undefined)
      else if (isUnanswered(error)) void resolveUnanswered()
      else failure.value = errorSentence(error)
      return null
    }
  }

  return {
    list,
    search,
    roles,
    tab,
    archived,
    changes: picked.changes,
    notice: picked.notice,
    latest: picked.latest,
    isChecked: picked.isChecked,
    undoSelectAll: picked.undoSelectAll,
    selectAll: selectAll.state,
    canUndoSelectAll: selectAll.canUndo,
    selectAllProgress: selectAll.progress,
    dirty,
    saving,
    unanswered,
    locked,
    failure,
    canChange,
    check,
    checkAll,
    review,
    showAll,
    clear,
    save,
  }
}
export type MemberPicker = ReturnType<typeof useMemberPicker>
