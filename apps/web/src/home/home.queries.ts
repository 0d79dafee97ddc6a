import { useQuery } from '@pinia/colada'
import { api } from '../lib/api.ts'

/** One's own workspaces, by name. */
export function useOwnWorkspaces() {
  return useQuery({ key: ['workspace', 'list', 'own'], query: () => api.workspace.list.query({ page: { size: 50 } }) })
}

/** The first members of a workspace, by name. */
export function useFirstMembers(workspaceId: () => string) {
  return useQuery({
    key: () => ['member', 'list', workspaceId(), 'first'],
    query: () => api.member.list.query({ workspaceId: workspaceId(), page: { size: 50 } }),
  })
}
