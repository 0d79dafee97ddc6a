import type { CandidateRow, MemberUpdated, Role, WorkspaceDetail } from '@roster/domain'
import { computed, ref, watch } from 'vue'
import { t } from '../i18n/text.ts'
import { isAborted, isUnanswered, refusalOf } from '../lib/failure.ts'
import { errorSentence } from '../lib/refusal.ts'
import type { CandidateMatch } from './candidateMatch.ts'
import { useUpdateMembers } from './member.queries.ts'
import { NOTHING_SELECTED, tick, toChange } from './memberSelection.ts'
import { type PickerShow, pickerView } from './pickerView.ts'
import { useCandidates } from './useCandidates.ts'
import { usePickerSelection } from './usePickerSelection.ts'
import { useSelectAll } from './useSelectAll.ts'

/** The people picker of one workspace: what it lists, what its boxes show, and the save. Archived workspaces only let people go. */
export function useMemberPicker(workspace: WorkspaceDetail) {
  const workspaceId = workspace.id
  const archived = workspace.archivedAt !== null
  const search = ref('')
  const roles = ref<Role[]>([])
  const show = ref<PickerShow>(archived ? 'members' : 'all')
  const failure = ref<string | null>(null)
  /** A save got no answer, and what became of it isn't known yet. */
  const unanswered = ref(false)
  const { mutateAsync: change, isLoading: saving } = useUpdateMembers()

  const filter = computed<CandidateMatch>(() => ({
    ...(search.value === '' ? {} : { search: search.value }),
    ...(roles.value.length === 0 ? {} : { role: [...roles.value] }),
  }))
  const of = usePickerSelection(workspaceId)
  const list = useCandidates({ workspaceId, view: () => pickerView(show.value, filter.value, of.selection.value), learn: of.learnRows })
  const selecting = useSelectAll({ workspaceId, filter, show, list, of })
  watch([search, roles, show], () => void list.reload(), { immediate: true, flush: 'sync' })

  const dirty = computed(() => of.changes.value.added + of.changes.value.removed > 0)
  const locked = computed(() => saving.value || selecting.gathering.value !== null)
  /** Whether this person's box may be used: in an archived workspace only members' may. */
  const usable = (row: CandidateRow): boolean => !archived || of.latest(row).member

  function setChecked(rows: readonly CandidateRow[], on: boolean): void {
    if (locked.value) return
    failure.value = null
    of.decide(tick(of.selection.value, rows.filter(usable).map(of.latest), on))
  }
  async function selectAll(): Promise<void> {
    if (locked.value || archived) return
    failure.value = null
    await selecting.selectAll().catch((error: unknown) => {
      if (!isAborted(error)) failure.value = errorSentence(error)
    })
  }
  /** Lists what a save would change, all of it. */
  function review(): void {
    search.value = ''
    roles.value = []
    show.value = 'changes'
  }
  function showAll(): void {
    show.value = archived ? 'members' : 'all'
  }
  function clear(): void {
    if (locked.value) return
    failure.value = null
    of.decide(NOTHING_SELECTED)
    if (show.value === 'changes') showAll()
    else if (show.value === 'selected') void list.reload()
  }

  // The save may have arrived or not: only the server can say, as soon as it answers again.
  async function findOut(): Promise<void> {
    unanswered.value = true
    failure.value = t('member.picker.unanswered')
    try {
      await of.lookAgain()
      failure.value = dirty.value ? t('member.picker.notSaved') : null
      if (!dirty.value) of.notice.value = t('member.picker.savedAfterAll')
    } catch (error) {
      if (!isAborted(error)) failure.value = errorSentence(error)
    } finally {
      unanswered.value = false
    }
  }

  /** Saves what the boxes show; null when that was refused, and then the picker says why and keeps what is still possible. */
  async function save(): Promise<MemberUpdated | null> {
    if (!dirty.value || locked.value || unanswered.value) return null
    failure.value = null
    of.notice.value = null
    const { added } = of.changes.value
    try {
      const result = await change(toChange(workspaceId, of.selection.value))
      of.decide(NOTHING_SELECTED)
      return result
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.code === 'UNKNOWN_IDS') of.forget(refusal.details.ids)
      else if (refusal?.code === 'PREVIEW_OUTDATED') await of.countAgain(added).catch(() => undefined)
      else if (isUnanswered(error)) void findOut()
      else failure.value = errorSentence(error)
      return null
    }
  }

  return {
    list,
    search,
    roles,
    show,
    archived,
    changes: of.changes,
    notice: of.notice,
    latest: of.latest,
    checked: of.checked,
    undoAll: of.goBack,
    all: selecting.all,
    canUndoAll: selecting.canGoBack,
    gathering: selecting.gathering,
    dirty,
    saving,
    unanswered,
    locked,
    failure,
    usable,
    setChecked,
    selectAll,
    review,
    showAll,
    clear,
    save,
  }
}
export type MemberPicker = ReturnType<typeof useMemberPicker>
