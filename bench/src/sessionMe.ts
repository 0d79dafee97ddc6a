import type { Bench } from './bench.ts'
import { callTimes, latencyRows, TAIL_CALLS } from './latency.ts'
import { requestsPerSecond } from './load.ts'
import { median } from './quantile.ts'
import { rateOf, rateRows } from './rate.ts'
import { PER_SECOND, type Row, withinRow } from './report.ts'
import { summarize, takeTurns, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

const PAIRS = 8

/**
 * session.me: against the same named statement in a bare tRPC procedure with the same headers, and against the baseline
 * in rate and time.
 */
export async function sessionMe(bench: Bench): Promise<Row[]> {
  const { now, bare } = bench
  const me = ({ roster }: Version) => ({ url: roster.query('session.me'), headers: roster.headers })
  const bareMe = { url: `${bare.address}/trpc/me`, headers: now.roster.headers }
  const withinTurns = await takeTurns(
    () => requestsPerSecond(me(now)),
    () => requestsPerSecond(bareMe),
    PAIRS,
  )
  const rates = await takeVersionTurns(bench, (version) => () => rateOf(version, me(version)), PAIRS)
  const times = await takeVersionTurns(bench, (version) => () => callTimes(me(version), TAIL_CALLS / PAIRS), PAIRS)
  return [
    ...rateRows('session.me', rates),
    ...latencyRows('session.me, one at a time', times),
    withinRow(
      {
        what: 'session.me',
        reference: 'bare tRPC procedure, same statement',
        comparison: summarize(withinTurns, median),
        unit: PER_SECOND,
      },
      0.75,
    ),
  ]
}
