import { defineQueryOptions } from '@pinia/colada'
import type { importCreate, importRun, onImport } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The latest imports that one sees. */
export const importListQuery = defineQueryOptions(() => ({
  key: ['import', 'list'],
  query: ({ signal }) => api.import.list.query({}, { signal }),
}))

/** What a file holds; asked once, and kept nowhere. */
export function previewFile(text: string) {
  return api.import.preview.query({ text })
}

/** One's own import with its rows: read once, since a run tells what becomes of each. */
export function readImport(importId: string) {
  return api.import.get.query({ importId })
}

export const useCreateImport = () => useChange('import.create', (input: z.input<typeof importCreate>) => api.import.create.mutate(input))
export const useRunImport = () => useChange('import.run', (input: z.input<typeof importRun>) => api.import.run.mutate(input))
export const useDiscardImport = () => useChange('import.discard', (input: z.input<typeof onImport>) => api.import.discard.mutate(input))
