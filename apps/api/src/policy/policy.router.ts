import { policyExplain } from '@roster/domain'
import { readUser } from '../call/read.ts'
import { t } from '../trpc.ts'
import { explain } from './explain.ts'

export const policyRouter = t.router({
  /** Whether somebody may do something, which row of the policy says so, and who could instead. @throws NOT_FOUND for a target that the asker doesn't see */
  explain: readUser('policy.explain', policyExplain, explain),
})
