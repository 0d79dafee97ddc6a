import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { BASELINE, short } from './baseline.ts'
import { type Row, TOLERANCE } from './report.ts'

const FOLDER = join(import.meta.dirname, '../../docs')

/** Formats rows as Markdown tables: one against the baseline, one within this version. */
export function tables(rows: readonly Row[]): string {
  return [table(rows, 'versions'), table(rows, 'within')].filter((text) => text !== '').join('\n\n')
}

function table(rows: readonly Row[], kind: Row['kind']): string {
  const shown = rows.filter((row) => row.kind === kind)
  if (shown.length === 0) return ''
  const ok = (row: Row): string => (row.ok === null ? '' : row.ok ? 'yes' : '**no**')
  return [
    `| what | ${kind === 'versions' ? 'then' : 'reference'} | now | ratio (quartiles) | bound | ok |`,
    '|---|---|---|---|---|---|',
    ...shown.map((row) => `| ${row.what} | ${row.other} | ${row.now} | ${row.ratio} | ${row.bound} | ${ok(row)} |`),
  ].join('\n')
}

/** Writes docs/benchmarks.md: the tables, and the machine they were measured on. */
export async function writeReport(rows: readonly Row[], large: boolean): Promise<void> {
  const [cpu] = cpus()
  const cores = `${cpus().length} × ${cpu?.model.trim() || process.arch}`
  const text = `# Benchmarks

The last run of \`npm run bench${large ? ' -- --large' : ''}\`, ${new Date().toISOString().slice(0, 10)}:
100,000 users, 1,000 workspaces, five memberships each.

Servers, databases and load generator share one machine: ${cores},
${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, embedded PostgreSQL 18.

Figures depend on the machine and its other load, so compare ratios. The two sides of a ratio take
turns in one run, A B B A. The ratio is the median of the pairs, with their quartiles. The figures
before it are the median, or p95, of all turns of a side. A p95 has at least 2,000 calls of each
side. Rates (…/s) are 16 requests at a time.

## Against ${short(BASELINE)}

\`then\` is commit ${short(BASELINE)}: a server and a database of its own, with the same data. The ratio is now
over then. A bound is missed when three quarters of the pairs are worse than then by more than
${TOLERANCE * 100} %; the weight of a page, when it is above its bound. The server's CPU for a call depends least
on other load.

${table(rows, 'versions')}

## Within this version

The median of the pairs has to keep the bound. Times that must not reveal a reason miss it when
three quarters of the pairs are on one side of it.

${table(rows, 'within')}
`
  await writeFile(join(FOLDER, 'benchmarks.md'), text)
}
