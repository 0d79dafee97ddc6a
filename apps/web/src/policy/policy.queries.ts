import { defineQueryOptions } from '@pinia/colada'
import type { PolicyExplain } from '@roster/domain'
import { api } from '../lib/api.ts'

/** Whether somebody may do something, and why. It goes by people and workspaces, and is asked anew when either changes. */
export const explainQuery = defineQueryOptions((question: PolicyExplain) => ({
  key: ['user', 'explain', JSON.stringify(question)],
  query: ({ signal }) => api.policy.explain.query(question, { signal }),
  staleTime: 0,
}))
