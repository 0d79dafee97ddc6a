import { median } from './quantile.ts'
import { equalRow, MILLISECONDS, type Row, versionRow } from './report.ts'
import { summarize, type Turns } from './turns.ts'

/** How far the time of one reason may be from that of another, before it reveals the reason. */
const LIMITS = [0.9, 1.1] as const

/**
 * The rows of refusals by reason: the first reason, an unknown name or secret, against the baseline; the others against
 * the first. Milliseconds.
 */
export function refusalRows(what: string, reasons: [reason: string, times: Turns<number>][]): Row[] {
  const [[unknown, reference] = ['', { a: [], b: [] }], ...others] = reasons
  return [
    ...reasons.map(([reason, times]) => versionRow(`${what}, ${reason}`, summarize(times, median), MILLISECONDS)),
    ...others.map(([reason, times]) =>
      equalRow(
        {
          what: `${what}, ${reason}`,
          reference: unknown,
          comparison: summarize({ a: times.a, b: reference.a }, median),
          unit: MILLISECONDS,
        },
        LIMITS,
      ),
    ),
  ]
}
