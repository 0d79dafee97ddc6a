import type { Comparison } from './turns.ts'

/** One row of the report. `ok` says whether the figure is within the bound, if it has one. */
export interface Row {
  /** Whether a figure is compared with the baseline, or with another one of this version. */
  kind: 'versions' | 'within'
  what: string
  /** The figure of the other side: the baseline, or the reference. */
  other: string
  now: string
  /** The median of the pairs with their quartiles. */
  ratio: string
  bound: string
  ok: boolean | null
}

/** How a figure is written, and which of two is better. */
export interface Unit {
  format: (figure: number) => string
  better: 'less' | 'more'
}

export const SECONDS: Unit = { format: (s) => `${s.toFixed(2)} s`, better: 'less' }
export const MILLISECONDS: Unit = { format: (ms) => `${ms.toFixed(1)} ms`, better: 'less' }
export const MICROSECONDS: Unit = { format: (us) => `${Math.round(us)} µs`, better: 'less' }
export const KILOBYTES: Unit = { format: (bytes) => `${Math.round(bytes / 1000)} kB`, better: 'less' }
export const MEGABYTES: Unit = { format: (bytes) => `${Math.round(bytes / 1e6)} MB`, better: 'less' }
export const COUNT: Unit = { format: (count) => String(count), better: 'less' }
export const PER_SECOND: Unit = { format: (rate) => `${Math.round(rate).toLocaleString('en')}/s`, better: 'more' }

/** The share by which a figure may differ from the baseline's: less can't be measured on a shared machine. */
export const TOLERANCE = 0.05

/** Formats a figure; nothing for one that was not measured. */
function write(figure: number, { format }: Unit): string {
  return Number.isNaN(figure) ? '' : format(figure)
}

function writeRatio({ ratio, quartiles }: Comparison): string {
  if (Number.isNaN(ratio)) return ''
  return `${ratio.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join(' to ')})`
}

/**
 * The row of this version (a) against the baseline (b). It fails when three quarters of the pairs are worse than the
 * baseline by more than the tolerance; with a `target`, when the median of the pairs does not reach that ratio.
 */
export function versionRow(what: string, comparison: Comparison, unit: Unit, target?: number): Row {
  const less = unit.better === 'less'
  const limit = target ?? (less ? 1 + TOLERANCE : 1 - TOLERANCE)
  const [lower, upper] = comparison.quartiles
  const ratio = target === undefined ? (less ? lower : upper) : comparison.ratio
  const measured = !Number.isNaN(ratio)
  return {
    kind: 'versions',
    what,
    other: write(comparison.b, unit),
    now: write(comparison.a, unit),
    ratio: writeRatio(comparison),
    bound: measured ? `${less ? 'at most' : 'at least'} ${limit}` : '',
    ok: measured ? (less ? ratio <= limit : ratio >= limit) : null,
  }
}

/** A figure of this version (a) and a reference (b) of the same version. */
interface Within {
  what: string
  reference: string
  comparison: Comparison
  unit: Unit
}

/** The row of a figure within this version. With `atLeast`, the median of the pairs has to reach that ratio. */
export function withinRow({ what, reference, comparison, unit }: Within, atLeast?: number): Row {
  return {
    kind: 'within',
    what,
    other: `${reference}: ${write(comparison.b, unit)}`,
    now: write(comparison.a, unit),
    ratio: writeRatio(comparison),
    bound: atLeast === undefined ? '' : `at least ${atLeast}`,
    ok: atLeast === undefined ? null : comparison.ratio >= atLeast,
  }
}

/** The row of two figures that must not differ. It fails when three quarters of the pairs are on one side of `limits`. */
export function equalRow(within: Within, limits: readonly [number, number]): Row {
  const [least, most] = limits
  const [lower, upper] = within.comparison.quartiles
  return { ...withinRow(within), bound: `${least} to ${most}`, ok: upper >= least && lower <= most }
}

/** The row of a figure of this version that does not depend on the machine, with its limit. */
export function limitRow(what: string, details: string, figure: number, unit: Unit, limit: number): Row {
  const bound = `at most ${unit.format(limit)}`
  return { kind: 'within', what, other: details, now: unit.format(figure), ratio: '', bound, ok: figure <= limit }
}
