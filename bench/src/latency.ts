import type { LoadRequest } from './load.ts'
import { median, p95 } from './quantile.ts'
import { MILLISECONDS, type Row, versionRow } from './report.ts'
import { summarize, type Turns } from './turns.ts'

/** Calls of each side that a tail is computed from. */
export const TAIL_CALLS = 2_000

/** Milliseconds of one call. @throws unless it succeeds */
export async function callTime({ url, headers }: LoadRequest): Promise<number> {
  const start = performance.now()
  const answer = await fetch(url, { headers })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return performance.now() - start
}

/** Milliseconds of each of `count` calls, one after the other. */
export async function callTimes(request: LoadRequest, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n++) times.push(await callTime(request))
  return times
}

/** The rows of call times: their median, and p95 of all calls. */
export function latencyRows(what: string, turns: Turns<readonly number[]>): Row[] {
  return [
    versionRow(
      `${what}, median`,
      summarize(turns, (all) => median(all.flat())),
      MILLISECONDS,
    ),
    versionRow(
      `${what}, p95`,
      summarize(turns, (all) => p95(all.flat())),
      MILLISECONDS,
    ),
  ]
}
