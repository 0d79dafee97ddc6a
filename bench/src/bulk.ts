import type { BulkAction, BulkPreview, BulkResult } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './quantile.ts'
import { type Row, SECONDS, versionRow } from './report.ts'
import { pick, summarize, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

const PAIRS = 6

/** Seconds. */
interface Turn {
  preview: number
  apply: number
}

/**
 * Seconds of a bulk preview over 10,000 users, and of an apply to 1,000. Each row is a decision, a transaction and an
 * audit event.
 */
export async function bulk(bench: Bench): Promise<Row[]> {
  const turns = await takeVersionTurns(bench, (version) => (turn) => previewAndApply(version, turn), PAIRS)
  const timeOf = (part: (turn: Turn) => number) => summarize(pick(turns, part), median)
  return [
    versionRow(
      'user.previewBulk of 10,000',
      timeOf((turn) => turn.preview),
      SECONDS,
    ),
    versionRow(
      'user.applyBulk of 1,000 (a transaction each)',
      timeOf((turn) => turn.apply),
      SECONDS,
    ),
  ]
}

async function previewAndApply({ roster, seeded }: Version, turn: number): Promise<Turn> {
  const firstUsers = (count: number): string[] => seeded.users.slice(0, count)
  const action: BulkAction = { kind: 'setLimit', dailyLimit: 10 + turn }
  const start = performance.now()
  await roster.mutate<BulkPreview>('user.previewBulk', { selection: firstUsers(10_000), action })
  const preview = (performance.now() - start) / 1000

  const { token } = await roster.mutate<BulkPreview>('user.previewBulk', { selection: firstUsers(1_000), action })
  const applyStart = performance.now()
  const result = await roster.mutate<BulkResult>('user.applyBulk', { selection: firstUsers(1_000), action, token })
  const apply = (performance.now() - applyStart) / 1000
  if (result.changed !== 1_000) throw new Error(`the bulk call changed ${result.changed} of 1,000 users`)
  return { preview, apply }
}
