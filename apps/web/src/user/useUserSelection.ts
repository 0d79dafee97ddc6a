import type { Count, UserFilter, UserRow } from '@roster/domain'
import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'
import { isSelected, NOBODY, pick, sizeOf, type UserSelection, without } from './userSelection.ts'

/**
 * Who is selected in the list of users. It outlives turning pages and changing the order, and is dropped, with a word, when other people match: what
 * one can't see any more should not be acted upon. One's own box can't be ticked; whom else the policy protects, a preview tells.
 */
export function useUserSelection(filter: Ref<UserFilter>, matching: Ref<Count | undefined>) {
  const session = useSession()
  const { may } = useMay()
  const selection = shallowRef<UserSelection>(NOBODY)
  /** What to tell after the selection was dropped; null otherwise. */
  const dropped = ref<string | null>(null)

  const any = computed(() => selection.value.kind === 'matching' || selection.value.users.size > 0)
  const size = computed(() => sizeOf(selection.value, matching.value))

  function decide(next: UserSelection): void {
    selection.value = next
    dropped.value = null
  }
  watch(
    () => JSON.stringify(filter.value),
    () => {
      if (!any.value) return decide(NOBODY)
      const was = size.value
      selection.value = NOBODY
      dropped.value = was && !was.more ? t('user.select.dropped', { n: was.count }) : t('user.select.droppedMany')
    },
    { flush: 'sync' },
  )

  const isOwn = (row: UserRow): boolean => row.id === session.me.user.id
  const pickable = (rows: readonly UserRow[]): UserRow[] => rows.filter((row) => !isOwn(row))
  const selected = (row: UserRow): boolean => !isOwn(row) && isSelected(selection.value, row)

  return {
    selection,
    dropped,
    any,
    size,
    /** Whether everybody who matches is selected, some perhaps excepted. */
    all: computed(() => selection.value.kind === 'matching'),
    selected,
    /** Why a row can't be selected; null when it can. */
    reason: (row: UserRow): string | null => (isOwn(row) ? may('user.suspend', row).reason : null),
    /** The box that stands for a whole page. */
    page(rows: readonly UserRow[]): 'all' | 'some' | 'none' {
      const possible = pickable(rows)
      const chosen = possible.filter(selected).length
      return chosen === 0 ? 'none' : chosen === possible.length ? 'all' : 'some'
    },
    pick: (rows: readonly UserRow[], on: boolean): void => decide(pick(selection.value, pickable(rows), on)),
    selectMatching: (): void => decide({ kind: 'matching', filter: filter.value, except: new Map() }),
    clear: (): void => decide(NOBODY),
    forget: (ids: readonly string[]): void => decide(without(selection.value, ids)),
  }
}
export type ListSelection = ReturnType<typeof useUserSelection>
