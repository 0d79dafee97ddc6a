import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Compared } from './load.ts'

/** One figure. `bound` where it has one; `met` says whether it keeps to it. */
export interface Row {
  what: string
  measured: string
  against?: string
  /** The median of the pairs, with their quartiles. */
  ratio?: string
  bound?: string
  met?: boolean
}

/** A comparison that has to reach a ratio: Roster's rate over the other's. */
export function comparedRow(what: string, against: string, { a, b, ratio, quartiles }: Compared, atLeast: number): Row {
  return {
    what,
    measured: perSecond(a),
    against: `${against}: ${perSecond(b)}`,
    ratio: `${ratio.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join(' to ')})`,
    bound: `at least ${atLeast}`,
    met: ratio >= atLeast,
  }
}

/** A rate as it is told. */
export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')}/s`
}

/** The table of all figures. */
export function table(rows: readonly Row[]): string {
  const kept = (row: Row): string => (row.met === undefined ? '' : row.met ? 'yes' : '**no**')
  return [
    '| what | measured | against | ratio (quartiles) | bound | kept |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.what} | ${row.measured} | ${row.against ?? ''} | ${row.ratio ?? ''} | ${row.bound ?? ''} | ${kept(row)} |`),
  ].join('\n')
}

/** Keep the table in docs/benchmarks.md, with the machine it was measured on. */
export async function keep(rows: readonly Row[]): Promise<void> {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() || process.arch}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, embedded PostgreSQL 18`
  const text = `# Benchmarks

The last run of \`npm run bench\`, ${new Date().toISOString().slice(0, 10)}: 100,000 users, 1,000 workspaces, five memberships each.

Server, database, load generator and what is compared with share this machine: ${machine}. So rates are no promise for yours; ratios are what counts.
Each comparison is measured in short turns (A B B A …) of 16 requests at a time, both sides on the same connection pool, and its ratio is the median of
the pairs.

${table(rows)}
`
  await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), text)
}
