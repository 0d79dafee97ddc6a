import { defineQueryOptions } from '@pinia/colada'
import type { systemUpdate } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The system settings. */
export const systemQuery = defineQueryOptions(() => ({
  key: ['system', 'get'],
  query: ({ signal }) => api.system.get.query(undefined, { signal }),
}))

export const useUpdateSystem = () =>
  useChange('system.update', (input: z.input<typeof systemUpdate>) => api.system.update.mutate(input))
