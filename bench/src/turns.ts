import { median, quantile } from './quantile.ts'

/** What the turns of two sides measured, in pairs. `b` is empty if there is only one side. */
export interface Turns<T> {
  a: T[]
  b: T[]
}

/** Two sides: the figure of all turns of each, and the ratio a/b of the pairs as median, lower and upper quartile. */
export interface Comparison {
  a: number
  b: number
  ratio: number
  quartiles: [number, number]
}

/** One measurement. Turn 0 does not count. */
type Measure<T> = (turn: number) => Promise<T>

/**
 * Measures two sides in alternate turns, A B B A …, after a turn 0 of each that does not count. Short turns in many pairs
 * spread the machine's other load over both sides.
 */
export async function takeTurns<T>(a: Measure<T>, b: Measure<T>, pairs: number): Promise<Turns<T>> {
  await a(0)
  await b(0)
  const turns: Turns<T> = { a: [], b: [] }
  for (let turn = 1; turn <= pairs; turn++) {
    if (turn % 2 === 1) turns.a.push(await a(turn))
    turns.b.push(await b(turn))
    if (turn % 2 === 0) turns.a.push(await a(turn))
  }
  return turns
}

/**
 * Measures this version (a) and the baseline (b) in alternate turns; without the baseline, this version only. `prepare`
 * runs once for each version and returns its measurement.
 */
export async function takeVersionTurns<Version, T>(
  { now, baseline }: { now: Version; baseline: Version | null },
  prepare: (version: Version) => Measure<T> | Promise<Measure<T>>,
  pairs: number,
): Promise<Turns<T>> {
  const measure = await prepare(now)
  if (baseline) return takeTurns(measure, await prepare(baseline), pairs)
  await measure(0)
  const a: T[] = []
  for (let turn = 1; turn <= pairs; turn++) a.push(await measure(turn))
  return { a, b: [] }
}

/** The turns of one part of what they measured. */
export function pick<T, Part>({ a, b }: Turns<T>, part: (turn: T) => Part): Turns<Part> {
  return { a: a.map(part), b: b.map(part) }
}

/** Compares one figure of the turns. `figure` computes it from the turns of one side: from all, and from each. */
export function summarize<T>({ a, b }: Turns<T>, figure: (turns: readonly T[]) => number): Comparison {
  const ratios = b.flatMap((turn, index) => {
    const other = a[index]
    return other === undefined ? [] : figure([other]) / figure([turn])
  })
  return {
    a: figure(a),
    b: b.length === 0 ? Number.NaN : figure(b),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  }
}
