import { useQuery } from '@pinia/colada'
import type { UserDetail } from '@roster/domain'
import { computed, ref } from 'vue'
import { t } from '../i18n/text.ts'
import { queryOf } from '../lib/queryOf.ts'
import { errorSentence } from '../lib/refusal.ts'
import type { ComboboxItem } from '../ui/form/Combobox.vue'
import { useDebounced } from '../ui/useDebounced.ts'
import { displayNameOf } from '../user/userSummary.ts'

/** The kinds of targets to search. */
export type SearchKind = 'user' | 'workspace' | 'organization'
const MAX_RESULTS = 25

/** Searches the visible users, workspaces or organizations. Without a search term, the user of the page comes first. */
export function useTargetSearch(kind: () => SearchKind, user: () => UserDetail) {
  const typed = ref('')
  const open = ref(false)
  const debounced = useDebounced(typed)
  const search = computed(() => (typed.value === '' ? '' : debounced.value.trim().slice(0, 200)))
  const isEnabled = (searched: SearchKind) => open.value && kind() === searched
  const term = () => (search.value === '' ? {} : { search: search.value })

  const users = useQuery(() => ({
    ...queryOf('user.list', { filter: term(), page: { size: MAX_RESULTS } }),
    enabled: isEnabled('user'),
  }))
  const workspaces = useQuery(() => ({
    ...queryOf('workspace.list', { ...term(), page: { size: MAX_RESULTS } }),
    enabled: isEnabled('workspace'),
  }))
  const organizations = useQuery(() => ({
    ...queryOf('organization.list', { ...term(), page: { size: MAX_RESULTS } }),
    enabled: isEnabled('organization'),
  }))
  const query = computed(() => ({ user: users, workspace: workspaces, organization: organizations })[kind()])

  const found = computed((): ComboboxItem[] => {
    if (kind() === 'workspace')
      return (workspaces.data.value?.rows ?? []).map(({ id, name }) => ({ id, name, icon: 'i-lucide-layers' }))
    if (kind() === 'organization')
      return (organizations.data.value?.rows ?? []).map(({ id, name }) => ({ id, name, icon: 'i-lucide-building-2' }))
    const others = (users.data.value?.rows ?? []).filter(({ id }) => id !== user().id)
    const rows = others.map((row) => ({
      id: row.id,
      name: displayNameOf(row),
      icon: 'i-lucide-user',
      detail: t(`common.roles.${row.role}`),
    }))
    return search.value === '' ? [selfOption(user()), ...rows] : rows
  })
  return {
    typed,
    open,
    found,
    more: computed(() => (query.value.data.value?.after ? t('policy.more', { n: MAX_RESULTS }) : '')),
    loading: computed(
      () => query.value.asyncStatus.value === 'loading' || (typed.value !== '' && typed.value !== debounced.value),
    ),
    message: computed(() => (query.value.error.value ? errorSentence(query.value.error.value) : t('policy.noResults'))),
  }
}

function selfOption(user: UserDetail): ComboboxItem {
  return { id: user.id, name: t('policy.self', { name: displayNameOf(user) }), icon: 'i-lucide-user-check' }
}
