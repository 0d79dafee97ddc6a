import { defineQueryOptions } from '@pinia/colada'
import type { PolicyExplain } from '@roster/domain'
import { api } from '../lib/api.ts'

/**
 * A policy decision with its reasons. Its key starts with `user`, so that changed users and workspaces invalidate it.
 */
export const explainQuery = defineQueryOptions((question: PolicyExplain) => ({
  key: ['user', 'explain', JSON.stringify(question)],
  query: ({ signal }) => api.policy.explain.query(question, { signal }),
  staleTime: 0,
}))
