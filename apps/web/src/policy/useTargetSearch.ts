import { useQuery } from '@pinia/colada'
import type { UserDetail } from '@roster/domain'
import { computed, type Ref, ref } from 'vue'
import { t } from '../i18n/text.ts'
import { errorSentence } from '../lib/refusal.ts'
import { organizationsQuery } from '../organization/organization.queries.ts'
import type { Findable } from '../ui/Combobox.vue'
import { useDebounced } from '../ui/useDebounced.ts'
import { userListQuery } from '../user/user.queries.ts'
import { displayNameOf } from '../user/userSummary.ts'
import { workspaceListQuery } from '../workspace/workspace.queries.ts'

/** What can be searched for. */
export type Searched = 'user' | 'workspace' | 'organization'
const SHOWN = 25

/** People, workspaces or organizations that match what is typed, of those that the reader sees. The person themselves stand first among people. */
export function useTargetSearch(kind: () => Searched, person: () => UserDetail) {
  const typed = ref('')
  const open = ref(false)
  const search = trimmed(typed)
  const wanted = (which: Searched) => open.value && kind() === which
  const term = () => (search.value === '' ? {} : { search: search.value })

  const users = useQuery(() => ({ ...userListQuery({ filter: term(), page: { size: SHOWN } }), enabled: wanted('user') }))
  const workspaces = useQuery(() => ({ ...workspaceListQuery({ ...term(), page: { size: SHOWN } }), enabled: wanted('workspace') }))
  const organizations = useQuery(() => ({ ...organizationsQuery({ ...term(), page: { size: SHOWN } }), enabled: wanted('organization') }))
  const query = computed(() => ({ user: users, workspace: workspaces, organization: organizations })[kind()])

  const found = computed((): Findable[] => {
    if (kind() === 'workspace') return (workspaces.data.value?.rows ?? []).map(({ id, name }) => ({ id, name, icon: 'i-lucide-layers' }))
    if (kind() === 'organization') return (organizations.data.value?.rows ?? []).map(({ id, name }) => ({ id, name, icon: 'i-lucide-building-2' }))
    const others = (users.data.value?.rows ?? []).filter(({ id }) => id !== person().id)
    const rows = others.map((one) => ({ id: one.id, name: displayNameOf(one), icon: 'i-lucide-user', detail: t(`common.roles.${one.role}`) }))
    return search.value === '' ? [themselves(person()), ...rows] : rows
  })
  return {
    typed,
    open,
    found,
    more: computed(() => (query.value.data.value?.after ? t('policy.more', { n: SHOWN }) : '')),
    loading: computed(() => query.value.asyncStatus.value === 'loading'),
    message: computed(() => (query.value.error.value ? errorSentence(query.value.error.value) : t('policy.noneFound'))),
  }
}

function themselves(person: UserDetail): Findable {
  return { id: person.id, name: t('policy.themselves', { name: displayNameOf(person) }), icon: 'i-lucide-user-check' }
}

function trimmed(typed: Ref<string>) {
  const paused = useDebounced(typed)
  return computed(() => (typed.value === '' ? '' : paused.value.trim().slice(0, 200)))
}
