import type { PolicyExplain } from '@roster/domain'
import { queryOf } from '../lib/queryOf.ts'

/**
 * A policy decision with its reasons. Its key starts with `user`, so that changed users and workspaces invalidate it.
 */
export function explainQuery(question: PolicyExplain) {
  return { ...queryOf('policy.explain', question), key: ['user', 'explain', JSON.stringify(question)], staleTime: 0 }
}
