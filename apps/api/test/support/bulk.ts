import type { BulkAction, BulkResult } from '@roster/domain'
import type { TestInstance } from './instance.ts'

/** Previews a bulk action on users; returns the call that applies it. */
export async function prepareBulk(
  client: ReturnType<TestInstance['as']>,
  ids: string[],
  action: BulkAction,
): Promise<() => Promise<BulkResult>> {
  const call = { selection: ids, action }
  const { token } = await client.user.previewBulk.query(call)
  return () => client.user.applyBulk.mutate({ ...call, token })
}
