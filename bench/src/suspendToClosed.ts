import type { Services } from '@roster/api/server'
import type { RosterCaller } from './client.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'
import type { Seeded } from './seed.ts'
import { session } from './seed.ts'

const ROUNDS = 60

/** From the call that suspends somebody to the end of their open event stream, in milliseconds. */
export async function suspendToClosed(services: Services, roster: RosterCaller, { organizationId, people }: Seeded): Promise<Row[]> {
  const times: number[] = []
  for (const userId of people.slice(100, 100 + ROUNDS)) {
    const token = await session(services.db, organizationId, userId)
    const cookie = roster.headers['cookie']?.replace(/=.*/u, `=${token}`) ?? ''
    const response = await fetch(`${roster.address}/trpc/notice.stream`, { headers: { cookie } })
    if (!response.body) throw new Error('the stream did not open')
    const reader = response.body.getReader()
    await reader.read()
    const start = performance.now()
    const closed = (async () => {
      while (!(await reader.read()).done) {
        // Everything before the end is of no interest.
      }
      return performance.now() - start
    })()
    await roster.change('user.suspend', { userId })
    times.push(await closed)
  }
  return [
    { what: 'suspend to closed stream, median', measured: `${Math.round(median(times))} ms`, against: '', bound: 'under 1,000 ms', met: median(times) < 1000 },
    {
      what: 'suspend to closed stream, p99',
      measured: `${Math.round(quantile(times, 0.99))} ms`,
      against: '',
      bound: 'under 1,000 ms',
      met: quantile(times, 0.99) < 1000,
    },
  ]
}
