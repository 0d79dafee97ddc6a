import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Comparison } from './load.ts'

/** One row of the table. `bound` is the limit, if it has one; `met` says whether the figure is within it. */
export interface Row {
  what: string
  measured: string
  against?: string
  /** The median of the pairs with their quartiles. */
  ratio?: string
  bound?: string
  met?: boolean
}

/** The row of a comparison. Roster's rate over the other's has to reach `atLeast`. */
export function comparedRow(
  what: string,
  against: string,
  { a, b, ratio, quartiles }: Comparison,
  atLeast: number,
): Row {
  return {
    what,
    measured: perSecond(a),
    against: `${against}: ${perSecond(b)}`,
    ratio: `${ratio.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join(' to ')})`,
    bound: `at least ${atLeast}`,
    met: ratio >= atLeast,
  }
}

/** Formats a rate. */
export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')}/s`
}

/** Formats rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const met = (row: Row): string => (row.met === undefined ? '' : row.met ? 'yes' : '**no**')
  return [
    '| what | measured | against | ratio (quartiles) | bound | met |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.measured} | ${row.against ?? ''} | ${row.ratio ?? ''} | ${row.bound ?? ''} | ${met(row)} |`,
    ),
  ].join('\n')
}

/** Writes docs/benchmarks.md: the table, and the machine it was measured on. */
export async function writeReport(rows: readonly Row[]): Promise<void> {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() || process.arch}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, embedded PostgreSQL 18`
  const text = `# Benchmarks

The last run of \`npm run bench\`, ${new Date().toISOString().slice(0, 10)}: 100,000 users, 1,000 workspaces, five memberships each.

Server, database, load generator and the server it is compared with share this machine: ${machine}.
Rates depend on the machine; compare ratios. A comparison alternates short runs (A B B A …) of 16 requests at a time. Both sides use the same connection pool.
Its ratio is the median of the pairs.

${table(rows)}
`
  await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), text)
}
