import { defineQueryOptions } from '@pinia/colada'
import type { workspaceArchive, workspaceCreate, workspaceDelete, workspaceList, workspaceRename } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The input of a workspace list. */
export type WorkspaceListInput = z.input<typeof workspaceList>

/** One page of the visible workspaces, by name, with the number of matches. */
export const workspaceListQuery = defineQueryOptions((input: WorkspaceListInput) => ({
  key: ['workspace', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.workspace.list.query(input, { signal }),
}))

/** One workspace. */
export const workspaceQuery = defineQueryOptions((workspaceId: string) => ({
  key: ['workspace', 'get', workspaceId],
  query: ({ signal }) => api.workspace.get.query({ workspaceId }, { signal }),
}))

/** The first page of the visible organizations. */
export const organizationListQuery = defineQueryOptions(() => ({
  key: ['organization', 'list'],
  query: ({ signal }) => api.organization.list.query({}, { signal }),
}))

export const useCreateWorkspace = () =>
  useChange('workspace.create', (input: z.input<typeof workspaceCreate>) => api.workspace.create.mutate(input))
export const useRenameWorkspace = () =>
  useChange('workspace.rename', (input: z.input<typeof workspaceRename>) => api.workspace.rename.mutate(input))
export const useArchiveWorkspace = () =>
  useChange('workspace.archive', (input: z.input<typeof workspaceArchive>) => api.workspace.archive.mutate(input))
export const useRestoreWorkspace = () =>
  useChange('workspace.restore', (input: z.input<typeof workspaceArchive>) => api.workspace.restore.mutate(input))
export const useDeleteWorkspace = () =>
  useChange('workspace.delete', (input: z.input<typeof workspaceDelete>) => api.workspace.delete.mutate(input))
