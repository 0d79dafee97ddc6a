import { type LoadRequest, runLoad } from './load.ts'
import { median } from './quantile.ts'
import { MICROSECONDS, PER_SECOND, type Row, versionRow } from './report.ts'
import { pick, summarize, type Turns } from './turns.ts'
import type { Version } from './version.ts'

/** What a run of one version measures. */
export interface Rate {
  perSecond: number
  /** Microseconds of the server's CPU for a call. The machine's other load hardly changes them. */
  cpu: number
}

/** Measures a request of a version, 16 at a time. */
export async function rateOf({ roster }: Version, request: LoadRequest): Promise<Rate> {
  const before = await cpuSeconds(roster.address)
  const { perSecond, requests } = await runLoad(request)
  return { perSecond, cpu: (((await cpuSeconds(roster.address)) - before) / requests) * 1e6 }
}

/** Seconds of CPU that a server has used, by its own metrics. */
async function cpuSeconds(address: string): Promise<number> {
  const metrics = await (await fetch(`${address}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)/mu.exec(metrics)?.[1])
}

/** The rows of rates: calls a second, and the server's CPU for a call. */
export function rateRows(what: string, turns: Turns<Rate>): Row[] {
  const part = (name: keyof Rate) =>
    summarize(
      pick(turns, (rate) => rate[name]),
      median,
    )
  return [
    versionRow(what, part('perSecond'), PER_SECOND),
    versionRow(`${what}, CPU of the server for a call`, part('cpu'), MICROSECONDS),
  ]
}
