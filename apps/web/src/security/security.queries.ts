import { defineQueryOptions } from '@pinia/colada'
import type { securityUpdate } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The security policies, with the reader's own address. */
export const securityQuery = defineQueryOptions(() => ({
  key: ['security', 'get'],
  query: ({ signal }) => api.security.get.query(undefined, { signal }),
}))

export const useUpdateSecurity = () =>
  useChange('security.update', (input: z.input<typeof securityUpdate>) => api.security.update.mutate(input))
