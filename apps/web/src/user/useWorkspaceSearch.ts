import { useQuery } from '@pinia/colada'
import { computed, type Ref } from 'vue'
import { useMay } from '../lib/may.ts'
import { useDebounced } from '../ui/useDebounced.ts'
import { workspaceListQuery } from '../workspace/workspace.queries.ts'

/** How many matches are listed. */
export const SHOWN = 25

interface Options {
  /** Undefined: of every organization one sees. */
  organizationId: () => string | undefined
  /** Whether archived ones are found, too. */
  archived: () => boolean
  taken: () => readonly string[]
  enabled: Ref<boolean>
}

/** The workspaces that match what is typed: those that aren't `taken` yet, and whose members one may change. */
export function useWorkspaceSearch(typed: Ref<string>, { organizationId, archived, taken, enabled }: Options) {
  const { may } = useMay()
  const paused = useDebounced(typed)
  // What was chosen empties the field, and the whole list is there again at once.
  const search = computed(() => (typed.value === '' ? '' : paused.value.trim().slice(0, 200)))

  const { state, asyncStatus } = useQuery(() => {
    const of = organizationId()
    return {
      ...workspaceListQuery({
        ...(search.value === '' ? {} : { search: search.value }),
        ...(archived() ? {} : { archived: false }),
        ...(of === undefined ? {} : { organizationId: of }),
        page: { size: SHOWN },
      }),
      enabled: enabled.value,
      placeholderData: (before) => before,
    }
  })
  return {
    found: computed(() => (state.value.data?.rows ?? []).filter((row) => !taken().includes(row.id) && may('member.update', row).allowed)),
    /** Whether there are more than are listed. */
    more: computed(() => (state.value.data?.after ?? null) !== null),
    loading: computed(() => asyncStatus.value === 'loading'),
    error: computed(() => state.value.error),
  }
}
