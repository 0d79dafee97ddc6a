import type { BulkAction, BulkResult } from '@roster/domain'
import type { TestInstance } from './instance.ts'

/** Look at what a bulk call would do to people; gives the call that then does it. */
export async function previewed(client: ReturnType<TestInstance['as']>, ids: string[], action: BulkAction): Promise<() => Promise<BulkResult>> {
  const call = { selection: { kind: 'ids' as const, ids }, action }
  const { token } = await client.user.previewBulk.query(call)
  return () => client.user.applyBulk.mutate({ ...call, token })
}
