import type { MemberUpdated } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './load.ts'
import type { Row } from './report.ts'

const ROUNDS = 5

/** A save that puts 10,000 people into a workspace, and one that takes them out; from the call to its answer. */
export async function memberSave({ roster, seeded }: Bench): Promise<Row[]> {
  const { emptyWorkspaceId: workspaceId, users } = seeded
  const times = { added: [] as number[], removed: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const what of ['added', 'removed'] as const) {
      const start = performance.now()
      const result = await roster.change<MemberUpdated>('member.update', { workspaceId, add: [], remove: [], [what === 'added' ? 'add' : 'remove']: users })
      times[what].push((performance.now() - start) / 1000)
      if (result[what].length !== users.length) throw new Error('the save did not do what it was asked to')
    }
  }
  return (['added', 'removed'] as const).map((what) => ({
    what: `member.update, 10,000 users ${what}`,
    measured: `median ${median(times[what]).toFixed(2)} s, slowest of ${ROUNDS} ${Math.max(...times[what]).toFixed(2)} s`,
    bound: 'under 1 s',
    met: median(times[what]) < 1,
  }))
}
