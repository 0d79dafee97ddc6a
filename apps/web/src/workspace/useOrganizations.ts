import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'
import { organizationListQuery } from './workspace.queries.ts'

/** The organizations to choose from, for those who have more than their own. */
export function useOrganizations() {
  const session = useSession()
  const { may } = useMay()
  const { data } = useQuery(() => ({
    ...organizationListQuery(),
    enabled: session.actor.role === 'administrator' && may('organization.list').allowed,
  }))
  const organizations = computed(() => data.value?.rows ?? [])
  return {
    organizations,
    several: computed(() => organizations.value.length > 1),
    nameOf: (id: string): string => organizations.value.find((each) => each.id === id)?.name ?? '',
  }
}
