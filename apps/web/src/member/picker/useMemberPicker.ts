import {
  type CandidateFilter,
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
import { toChange } from './memberSelection.ts'
import { useCandidates } from './useCandidates.ts'
import { usePickerSelection } from './usePickerSelection.ts'
import { useSelectAll } from './useSelectAll.ts'

/** The tabs of the picker: all users, those with a checked box, members, and non-members. */
export const PICKER_TABS = ['all', 'selected', 'members', 'nonMembers'] as const
/** `changes` lists the users that a save would add or remove. */
export type PickerTab = (typeof PICKER_TABS)[number] | 'changes'

/**
 * The member picker of one workspace: its list, its boxes and its save. The server searches, counts and lists; the
 * browser holds what differs from the members. An archived workspace only allows removing members.
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
  const saving = ref(false)
  const { mutateAsync: updateMembers } = useChange('member.update')

  const filter = computed<CandidateFilter>(() => ({
    ...(search.value === '' ? {} : { search: search.value }),
    ...(roles.value.length === 0 ? {} : { role: [...roles.value] }),
    ...(tab.value === 'members' || tab.value === 'nonMembers' ? { member: tab.value === 'members' } : {}),
  }))
  const key = computed(() => JSON.stringify([tab.value, filter.value]))
  const picked = usePickerSelection(workspaceId, () => list.filter.value)
  const { selection, changes } = picked
  const list = useCandidates({
    workspaceId,
    query: () => ({
      ...toChange(selection.value),
      filter: filter.value,
      ...(tab.value === 'selected' ? { only: 'selected' } : tab.value === 'changes' ? { only: 'changed' } : {}),
    }),
    onRows: picked.refreshRows,
  })
  watch([key, () => selection.value.matching], () => void list.reload(), { immediate: true, flush: 'sync' })

  const dirty = computed(() => changes.value.added + changes.value.removed > 0)
  const selectAll = useSelectAll({ workspaceId, filter, key, list, picked })
  const locked = computed(() => saving.value || selectAll.selecting.value)
  /** Whether the user's box can be changed: in an archived workspace only a member's can. */
  const canChange = (row: CandidateRow): boolean => !archived || row.member

  function check(rows: readonly CandidateRow[], checked: boolean): void {
    if (locked.value) return
    failure.value = null
    picked.setRows(rows.filter(canChange), checked)
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
    picked.clear()
    if (tab.value === 'changes') showAll()
    else if (tab.value === 'selected') void list.reload()
  }

  // The save may have arrived or not; a preview shows which, once the server answers again.
  async function resolveUnanswered(): Promise<void> {
    unanswered.value = true
    failure.value = t('member.picker.unanswered')
    try {
      await picked.preview()
      failure.value = dirty.value ? t('member.picker.notSaved') : null
      if (!dirty.value) picked.setNotice(t('member.picker.alreadySaved'))
    } catch (error) {
      if (!isAborted(error)) failure.value = errorSentence(error)
    } finally {
      unanswered.value = false
    }
  }

  /**
   * Saves the selection; null when nothing was saved. The picker then shows the reason and keeps what can still be
   * saved.
   */
  async function save(): Promise<MemberUpdated | null> {
    if (!dirty.value || locked.value || unanswered.value) return null
    saving.value = true
    failure.value = null
    picked.setNotice(null)
    const { added } = changes.value
    try {
      if (selection.value.matching.length > 0 && picked.token.value === undefined) await picked.preview()
      // Saved is what was shown.
      if (changes.value.added !== added) return refuseCount(added)
      const token = picked.token.value
      const result = await updateMembers({ workspaceId, ...toChange(selection.value), ...(token && { token }) })
      picked.clear()
      return result
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.code === 'UNKNOWN_IDS') picked.removeDeleted(refusal.details.ids)
      else if (refusal?.code === 'PREVIEW_OUTDATED') {
        await picked.preview().catch(() => undefined)
        return refuseCount(added)
      } else if (isUnanswered(error)) void resolveUnanswered()
      else failure.value = errorSentence(error)
      return null
    } finally {
      saving.value = false
    }
  }
  function refuseCount(added: number): null {
    picked.setNotice(null, added)
    return null
  }

  return {
    list,
    search,
    roles,
    tab,
    archived,
    changes,
    notice: picked.notice,
    isChecked: picked.isChecked,
    undoSelectAll: picked.undoSelectAll,
    selectAll: selectAll.state,
    canUndoSelectAll: selectAll.canUndo,
    selecting: selectAll.selecting,
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
