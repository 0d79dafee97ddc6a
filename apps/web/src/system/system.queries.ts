import { defineQueryOptions } from '@pinia/colada'
import type { systemChange } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The system settings. */
export const systemQuery = defineQueryOptions(() => ({
  key: ['system', 'get'],
  query: ({ signal }) => api.system.get.query(undefined, { signal }),
}))

export const useChangeSystem = () => useChange('system.update', (input: z.input<typeof systemChange>) => api.system.update.mutate(input))
