import { useQuery } from '@pinia/colada'
import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import { useMay } from '../lib/may.ts'
import { queryOf } from '../lib/queryOf.ts'

/** How long typing has to stop before a request, in ms. */
const DEBOUNCE_MS = 200

/** Searches users and workspaces on the server, as far as the policy lets the user list them. */
export function usePaletteSearch(term: Ref<string>) {
  const { may } = useMay()
  const search = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(term, (typed) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      search.value = typed.trim().slice(0, 200)
    }, DEBOUNCE_MS)
  })
  onScopeDispose(() => clearTimeout(timer))

  const users = useQuery(() => ({
    ...queryOf('user.list', { filter: { search: search.value }, page: { size: 25 } }),
    enabled: search.value !== '' && may('user.list').allowed,
    placeholderData: (previous) => previous,
  }))
  const workspaces = useQuery(() => ({
    ...queryOf('workspace.list', { search: search.value, page: { size: 25 } }),
    enabled: search.value !== '' && may('workspace.list').allowed,
    placeholderData: (previous) => previous,
  }))

  return {
    users: computed(() => (term.value.trim() === '' ? [] : (users.data.value?.rows.slice(0, 8) ?? []))),
    workspaces: computed(() => (term.value.trim() === '' ? [] : (workspaces.data.value?.rows.slice(0, 8) ?? []))),
    searching: computed(() => users.isLoading.value || workspaces.isLoading.value),
  }
}
