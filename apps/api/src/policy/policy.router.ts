import { policyExplain } from '@roster/domain'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { explain } from './explain.ts'

export const policyRouter = t.router({
  /**
   * Explains a user's permission for an action: the decision with its reason, the relation to the target, and other
   * users who may do it.
   * @throws NOT_FOUND for a user or target outside the principal's visibility
   */
  explain: read('policy.explain', policyExplain, explain),
})
