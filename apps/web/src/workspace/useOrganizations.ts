import { useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { organizationQuery } from '../organization/organization.queries.ts'
import { choosesOrganization } from '../organization/organizationForNew.ts'
import { useSession } from '../session/session.store.ts'
import { organizationListQuery } from './workspace.queries.ts'

/** The organizations to choose from, for those who have more than their own. */
export function useOrganizations() {
  const session = useSession()
  const { may } = useMay()
  const { data } = useQuery(() => ({
    ...organizationListQuery(),
    enabled: choosesOrganization(session.actor) && may('organization.list').allowed,
  }))
  const organizations = computed(() => data.value?.rows ?? [])
  const cache = useQueryCache()

  /** The name of one that is not among the first: asked for once, by itself. */
  function look(id: string): string {
    const entry = cache.ensure(organizationQuery(id))
    const { status, data: found } = entry.state.value
    if (status !== 'error' && entry.asyncStatus.value === 'idle' && (status === 'pending' || entry.stale)) {
      // Not while a page is being drawn, which would draw itself again.
      queueMicrotask(() => void cache.refresh(entry).catch(() => undefined))
    }
    return found?.name ?? ''
  }
  return {
    organizations,
    several: computed(() => organizations.value.length > 1),
    /** '' while it isn't known. */
    nameOf: (id: string): string => organizations.value.find((each) => each.id === id)?.name ?? (data.value?.after ? look(id) : ''),
  }
}
