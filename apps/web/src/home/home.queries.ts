import { useQuery } from '@pinia/colada'
import { api } from '../lib/api.ts'

/** The user's own workspaces, by name, for users who see no others. */
export function useOwnWorkspaces(enabled: () => boolean = () => true) {
  return useQuery({
    key: ['workspace', 'list', 'own'],
    query: ({ signal }) => api.workspace.list.query({ page: { size: 50 } }, { signal }),
    enabled,
  })
}

/** The first members of a workspace, by name. */
export function useFirstMembers(workspaceId: () => string) {
  return useQuery({
    key: () => ['member', 'list', workspaceId(), 'first'],
    query: ({ signal }) => api.member.list.query({ workspaceId: workspaceId(), page: { size: 25 } }, { signal }),
  })
}
