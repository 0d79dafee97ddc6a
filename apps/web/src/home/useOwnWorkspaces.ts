import { useQuery } from '@pinia/colada'
import { useMay } from '../lib/may.ts'
import { queryOf } from '../lib/queryOf.ts'

/** The user's own workspaces, by name, for users who see no others. */
export function useOwnWorkspaces() {
  const { may } = useMay()
  return useQuery(() => ({
    ...queryOf('workspace.list', { page: { size: 50 } }),
    enabled: !may('user.list').allowed,
  }))
}
