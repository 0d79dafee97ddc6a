import { createLog } from '@roster/api/log'
import { startServer } from '@roster/api/server'
import { type Bench, SETTINGS } from './bench.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'
import { createSession } from './seed.ts'

const ROUNDS = 200

/**
 * Milliseconds from the call that suspends a user to the end of their change streams: on this node, and on another one.
 */
export async function suspendToClosed({ services, roster, seeded }: Bench): Promise<Row[]> {
  const { connectionString } = services.db.pool.options
  if (connectionString === undefined) throw new Error('the database has no address')
  const other = await startServer(
    { ...SETTINGS, dataDir: '', databaseUrl: connectionString },
    { log: createLog(SETTINGS.logLevel) },
  )
  const times = { here: [] as number[], elsewhere: [] as number[] }
  try {
    for (const userId of seeded.users.slice(100, 100 + ROUNDS)) {
      const token = await createSession(services.db, seeded.organizationId, userId)
      const cookie = roster.headers['cookie']?.replace(/=.*/u, `=${token}`) ?? ''
      const streams = { here: await open(roster.address, cookie), elsewhere: await open(other.address, cookie) }
      const start = performance.now()
      const closed = Promise.all([
        streams.here().then(() => times.here.push(performance.now() - start)),
        streams.elsewhere().then(() => times.elsewhere.push(performance.now() - start)),
      ])
      await roster.mutate('user.suspend', { userId })
      await closed
    }
  } finally {
    await other.stop()
  }
  return (['here', 'elsewhere'] as const).map((where) => {
    const p99 = quantile(times[where], 0.99)
    return {
      what: `suspend to closed stream, ${where === 'here' ? 'same node' : 'another node'}`,
      measured: `median ${Math.round(median(times[where]))} ms, p99 ${Math.round(p99)} ms`,
      bound: 'p99 under 1,000 ms',
      met: p99 < 1000,
    }
  })
}

/** Opens a change stream. Returns a function that waits for its end. */
async function open(address: string, cookie: string): Promise<() => Promise<void>> {
  const response = await fetch(`${address}/trpc/changes.subscribe`, { headers: { cookie } })
  if (!response.ok || !response.body) throw new Error(`the stream did not open: ${response.status}`)
  const reader = response.body.getReader()
  await reader.read()
  return async () => {
    while (!(await reader.read()).done) {
      // Only the end counts.
    }
  }
}
