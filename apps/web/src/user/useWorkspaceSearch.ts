import { useQuery } from '@pinia/colada'
import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import { useMay } from '../lib/may.ts'
import { workspaceListQuery } from '../workspace/workspace.queries.ts'

/** How many matches are listed. */
export const SHOWN = 25
/** How long somebody has to stop typing before the server is asked, in ms. */
const PAUSE_MS = 200

/** The workspaces of an organization that match what is typed: those that aren't `taken` yet, and whose members one may change. */
export function useWorkspaceSearch(
  typed: Ref<string>,
  { organizationId, taken, enabled }: { organizationId: () => string; taken: () => readonly string[]; enabled: Ref<boolean> },
) {
  const { may } = useMay()
  const search = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (text) => {
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        search.value = text.trim().slice(0, 200)
      },
      text === '' ? 0 : PAUSE_MS,
    )
  })
  onScopeDispose(() => clearTimeout(timer))

  const { state, asyncStatus } = useQuery(() => ({
    ...workspaceListQuery({
      ...(search.value === '' ? {} : { search: search.value }),
      archived: false,
      organizationId: organizationId(),
      page: { size: SHOWN },
    }),
    enabled: enabled.value,
    placeholderData: (before) => before,
  }))
  return {
    found: computed(() => (state.value.data?.rows ?? []).filter((row) => !taken().includes(row.id) && may('member.change', row).allowed)),
    /** Whether there are more than are listed. */
    more: computed(() => (state.value.data?.after ?? null) !== null),
    loading: computed(() => asyncStatus.value === 'loading'),
    error: computed(() => state.value.error),
  }
}
