import type { MemberUpdated } from '@roster/domain'
import type { Bench } from './bench.ts'
import { median } from './load.ts'
import type { Row } from './report.ts'

const ROUNDS = 5

/** Seconds of a save that adds 10,000 members to a workspace, and of one that removes them. */
export async function memberSave({ roster, seeded }: Bench): Promise<Row[]> {
  const { emptyWorkspaceId: workspaceId, users } = seeded
  const times = { added: [] as number[], removed: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const direction of ['added', 'removed'] as const) {
      const start = performance.now()
      const result = await roster.mutate<MemberUpdated>('member.update', {
        workspaceId,
        add: [],
        remove: [],
        [direction === 'added' ? 'add' : 'remove']: users,
      })
      times[direction].push((performance.now() - start) / 1000)
      if (result[direction].length !== users.length)
        throw new Error(`${result[direction].length} of ${users.length} members were ${direction}`)
    }
  }
  return (['added', 'removed'] as const).map((direction) => ({
    what: `member.update, 10,000 members ${direction}`,
    measured: `median ${median(times[direction]).toFixed(2)} s, slowest of ${ROUNDS} ${Math.max(...times[direction]).toFixed(2)} s`,
    bound: 'under 1 s',
    met: median(times[direction]) < 1,
  }))
}
