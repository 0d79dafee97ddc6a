import type { BulkAction, BulkPreview, BulkResult, Selection } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './load.ts'
import type { Row } from './report.ts'

const ROUNDS = 3

/** A bulk call's preview over 10,000 people, and its apply to 1,000: a decision, a transaction and an audit event each. */
export async function bulk({ roster, seeded }: Bench): Promise<Row[]> {
  const chosen = (count: number): Selection => ({ kind: 'ids', ids: seeded.users.slice(0, count) })
  const times = { preview: [] as number[], apply: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const action: BulkAction = { kind: 'setLimit', dailyLimit: 10 + round }
    const start = performance.now()
    await roster.change<BulkPreview>('user.previewBulk', { selection: chosen(10_000), action })
    times.preview.push((performance.now() - start) / 1000)

    const { token } = await roster.change<BulkPreview>('user.previewBulk', { selection: chosen(1_000), action })
    const applying = performance.now()
    const result = await roster.change<BulkResult>('user.applyBulk', { selection: chosen(1_000), action, token })
    times.apply.push((performance.now() - applying) / 1000)
    if (result.changed !== 1_000) throw new Error('the bulk call did not do what it was asked to')
  }
  return [
    { what: 'user.previewBulk of 10,000', measured: `${median(times.preview).toFixed(2)} s` },
    { what: 'user.applyBulk of 1,000 (a transaction each)', measured: `${median(times.apply).toFixed(2)} s` },
  ]
}
