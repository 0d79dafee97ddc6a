import {
  type Count,
  countSelected,
  emptySelection,
  isEmptySelection,
  isSelected,
  removeUsers,
  type Selection,
  selectMatching,
  setSelected,
  type UserFilter,
  type UserRow,
} from '@roster/domain'
import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import { t } from '../../i18n/text.ts'
import { useMay } from '../../lib/may.ts'
import { useSession } from '../../session/session.store.ts'

/** Single users, or all users that match the filter, with exceptions. */
export type UserSelection = Selection<UserFilter, { id: string; username: string }>

/**
 * The selection in the user list. It survives paging and sorting. A changed filter clears it, with a message. So a bulk
 * action never includes users who are no longer listed. The actor's own row can't be selected; the preview shows which
 * others the policy refuses.
 */
export function useUserSelection(filter: Ref<UserFilter>, matching: Ref<Count | undefined>) {
  const session = useSession()
  const { may } = useMay()
  const selection = shallowRef<UserSelection>(emptySelection())
  /** The message after a changed filter cleared the selection; null otherwise. */
  const clearedMessage = ref<string | null>(null)

  const hasSelection = computed(() => !isEmptySelection(selection.value))
  const allMatching = computed(() => selection.value.matching.length > 0)
  const count = computed(() => countSelected(selection.value, matching.value))

  function update(next: UserSelection): void {
    selection.value = next
    clearedMessage.value = null
  }
  watch(
    () => JSON.stringify(filter.value),
    () => {
      if (!hasSelection.value) return update(emptySelection())
      const before = count.value
      selection.value = emptySelection()
      clearedMessage.value =
        before && !before.more ? t('user.select.cleared', { n: before.count }) : t('user.select.clearedMany')
    },
    { flush: 'sync' },
  )

  const isOwn = (row: UserRow): boolean => row.id === session.me.user.id
  const selectable = (rows: readonly UserRow[]): UserRow[] => rows.filter((row) => !isOwn(row))
  const isRowSelected = (row: UserRow): boolean => !isOwn(row) && isSelected(selection.value, row, allMatching.value)

  return {
    selection,
    clearedMessage,
    hasSelection,
    count,
    /** Whether "all matching" is selected, possibly with exceptions. */
    allMatching,
    isSelected: isRowSelected,
    /** Why a row can't be selected; null if it can. */
    reason: (row: UserRow): string | null => (isOwn(row) ? may('user.suspend', row).reason : null),
    /** The state of the checkbox for a whole page. */
    pageState(rows: readonly UserRow[]): 'all' | 'some' | 'none' {
      const candidates = selectable(rows)
      const selected = candidates.filter(isRowSelected).length
      return selected === 0 ? 'none' : selected === candidates.length ? 'all' : 'some'
    },
    setSelected: (rows: readonly UserRow[], on: boolean): void =>
      update(setSelected(selection.value, selectable(rows), on, () => allMatching.value)),
    selectMatching: (): void => update(selectMatching(emptySelection(), filter.value)),
    clear: (): void => update(emptySelection()),
    removeUsers: (ids: readonly string[]): void => update(removeUsers(selection.value, ids)),
  }
}
export type ListSelection = ReturnType<typeof useUserSelection>
