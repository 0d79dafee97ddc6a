import { useQuery } from '@pinia/colada'
import { computed, type Ref } from 'vue'
import { useMay } from '../../lib/may.ts'
import { queryOf } from '../../lib/queryOf.ts'
import { useDebounced } from '../../ui/useDebounced.ts'

/** The most workspaces listed. */
export const MAX_RESULTS = 25

interface Options {
  /** Undefined searches every visible organization. */
  organizationId: () => string | undefined
  /** Whether to include archived workspaces. */
  archived: () => boolean
  /** Ids to leave out. */
  exclude: () => readonly string[]
  enabled: Ref<boolean>
}

/** Searches the workspaces that have members the principal may change. */
export function useWorkspaceSearch(typed: Ref<string>, { organizationId, archived, exclude, enabled }: Options) {
  const { may } = useMay()
  const debounced = useDebounced(typed)
  // Choosing a workspace empties the field; the whole list returns without a delay.
  const search = computed(() => (typed.value === '' ? '' : debounced.value.trim().slice(0, 200)))

  const { state, asyncStatus } = useQuery(() => {
    const searchedId = organizationId()
    return {
      ...queryOf('workspace.list', {
        ...(search.value === '' ? {} : { search: search.value }),
        ...(archived() ? {} : { archived: false }),
        ...(searchedId === undefined ? {} : { organizationId: searchedId }),
        page: { size: MAX_RESULTS },
      }),
      enabled: enabled.value,
      placeholderData: (before) => before,
    }
  })
  return {
    found: computed(() =>
      (state.value.data?.rows ?? []).filter((row) => !exclude().includes(row.id) && may('member.update', row).allowed),
    ),
    /** Whether more workspaces match than are listed. */
    more: computed(() => (state.value.data?.after ?? null) !== null),
    loading: computed(() => asyncStatus.value === 'loading' || (typed.value !== '' && typed.value !== debounced.value)),
    error: computed(() => state.value.error),
  }
}
