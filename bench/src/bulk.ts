import type { BulkAction, BulkPreview, BulkResult, Selection } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './load.ts'
import type { Row } from './report.ts'

const ROUNDS = 3

/**
 * Seconds of a bulk preview over 10,000 users, and of an apply to 1,000. Each row is a decision, a transaction and an
 * audit event.
 */
export async function bulk({ roster, seeded }: Bench): Promise<Row[]> {
  const firstUsers = (count: number): Selection => ({ kind: 'ids', ids: seeded.users.slice(0, count) })
  const times = { preview: [] as number[], apply: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const action: BulkAction = { kind: 'setLimit', dailyLimit: 10 + round }
    const start = performance.now()
    await roster.mutate<BulkPreview>('user.previewBulk', { selection: firstUsers(10_000), action })
    times.preview.push((performance.now() - start) / 1000)

    const { token } = await roster.mutate<BulkPreview>('user.previewBulk', { selection: firstUsers(1_000), action })
    const applyStart = performance.now()
    const result = await roster.mutate<BulkResult>('user.applyBulk', { selection: firstUsers(1_000), action, token })
    times.apply.push((performance.now() - applyStart) / 1000)
    if (result.changed !== 1_000) throw new Error(`the bulk call changed ${result.changed} of 1,000 users`)
  }
  return [
    { what: 'user.previewBulk of 10,000', measured: `${median(times.preview).toFixed(2)} s` },
    { what: 'user.applyBulk of 1,000 (a transaction each)', measured: `${median(times.apply).toFixed(2)} s` },
  ]
}
