import type { MemberUpdated } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './quantile.ts'
import { type Row, SECONDS, versionRow } from './report.ts'
import { pick, summarize, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

const PAIRS = 8
const DIRECTIONS = ['added', 'removed'] as const
type Direction = (typeof DIRECTIONS)[number]

/** Seconds of a save that adds 10,000 members to a workspace, and of one that removes them. */
export async function memberSave(bench: Bench): Promise<Row[]> {
  const turns = await takeVersionTurns(
    bench,
    (version) => async () => ({ added: await save(version, 'added'), removed: await save(version, 'removed') }),
    PAIRS,
  )
  return DIRECTIONS.map((direction) =>
    versionRow(
      `member.update, 10,000 members ${direction}`,
      summarize(
        pick(turns, (turn) => turn[direction]),
        median,
      ),
      SECONDS,
    ),
  )
}

async function save({ roster, seeded }: Version, direction: Direction): Promise<number> {
  const { emptyWorkspaceId: workspaceId, users } = seeded
  const start = performance.now()
  const result = await roster.mutate<MemberUpdated>('member.update', {
    workspaceId,
    add: direction === 'added' ? users : [],
    remove: direction === 'removed' ? users : [],
  })
  const seconds = (performance.now() - start) / 1000
  if (result[direction].length !== users.length)
    throw new Error(`${result[direction].length} of ${users.length} members were ${direction}`)
  return seconds
}
