import { useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { queryOf } from '../lib/queryOf.ts'
import { useSession } from '../session/session.store.ts'
import { canChooseOrganization } from './defaultOrganization.ts'

/** The organizations and their names, for users who can see more than their own. */
export function useOrganizations() {
  const session = useSession()
  const { may } = useMay()
  const { data } = useQuery(() => ({
    ...queryOf('organization.list', {}),
    enabled: canChooseOrganization(session.actor) && may('organization.list').allowed,
  }))
  const organizations = computed(() => data.value?.rows ?? [])
  const cache = useQueryCache()

  /** The name of an organization beyond the first page: loaded once, by its id. */
  function loadName(id: string): string {
    const entry = cache.ensure(queryOf('organization.get', { organizationId: id }))
    const { status, data: found } = entry.state.value
    if (status !== 'error' && entry.asyncStatus.value === 'idle' && (status === 'pending' || entry.stale)) {
      // A refresh during render would trigger another render.
      queueMicrotask(() => void cache.refresh(entry).catch(() => undefined))
    }
    return found?.name ?? ''
  }
  return {
    organizations,
    several: computed(() => organizations.value.length > 1),
    /** '' until the name is loaded. */
    organizationName: (id: string): string =>
      organizations.value.find((each) => each.id === id)?.name ?? (data.value?.after ? loadName(id) : ''),
  }
}
