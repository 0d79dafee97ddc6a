import type { MemberChanged } from '@roster/domain'
import type { RosterCaller } from './client.ts'
import { median } from './load.ts'
import type { Row } from './report.ts'
import type { Seeded } from './seed.ts'

const ROUNDS = 3

/** A save that puts 10,000 people into a workspace, and one that takes them out; seconds from the call to its answer. */
export async function memberSave(roster: RosterCaller, { emptyWorkspaceId, people }: Seeded): Promise<Row[]> {
  const times = { added: [] as number[], removed: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const what of ['added', 'removed'] as const) {
      const start = performance.now()
      const result = await roster.change<MemberChanged>('member.change', { workspaceId: emptyWorkspaceId, [what === 'added' ? 'add' : 'remove']: people })
      times[what].push((performance.now() - start) / 1000)
      if (result[what].length !== people.length) throw new Error('the save did not do what it was asked to')
    }
  }
  return (['added', 'removed'] as const).map((what) => ({
    what: `member.change, 10,000 ${what}`,
    measured: `${median(times[what]).toFixed(2)} s`,
    against: '',
    bound: 'under 1 s',
    met: median(times[what]) < 1,
  }))
}
