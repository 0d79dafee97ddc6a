import { defineQueryOptions } from '@pinia/colada'
import type { importCreate, importRun, onImport } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The recent imports that the user may see. */
export const importListQuery = defineQueryOptions(() => ({
  key: ['import', 'list'],
  query: ({ signal }) => api.import.list.query({}, { signal }),
}))

/** The columns of a file; not cached, because the text is large. */
export function previewFile(text: string) {
  return api.import.preview.query({ text })
}

/** One of the user's imports with its rows; not cached, because a run returns each row's outcome. */
export function getImport(importId: string) {
  return api.import.get.query({ importId })
}

export const useCreateImport = () =>
  useChange('import.create', (input: z.input<typeof importCreate>) => api.import.create.mutate(input))
export const useRunImport = () =>
  useChange('import.run', (input: z.input<typeof importRun>) => api.import.run.mutate(input))
export const useDiscardImport = () =>
  useChange('import.discard', (input: z.input<typeof onImport>) => api.import.discard.mutate(input))
