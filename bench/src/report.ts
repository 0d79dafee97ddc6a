import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

/** One figure. `ratio` and `bound` where it is compared; `met` says whether it keeps to its bound. */
export interface Row {
  what: string
  measured: string
  against: string
  ratio?: number
  bound?: string
  met?: boolean
}

/** Print the table, and keep it in docs/benchmarks.md with the machine it was measured on. */
export async function report(rows: readonly Row[]): Promise<void> {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() || process.arch}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}, embedded PostgreSQL 18`
  const lines = [
    '# Benchmarks',
    '',
    `The last run of \`npm run bench\`, ${new Date().toISOString().slice(0, 10)}: 100,000 users, 1,000 workspaces. Each comparison is measured in turn in one run, and its ratio is the median of the pairs: a noisy machine moves both sides.`,
    '',
    `Machine: ${machine}.`,
    '',
    '| what | measured | against | ratio | bound | kept |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.measured} | ${row.against} | ${row.ratio?.toFixed(2) ?? ''} | ${row.bound ?? ''} | ${row.met === undefined ? '' : row.met ? 'yes' : '**no**'} |`,
    ),
    '',
  ]
  const text = lines.join('\n')
  console.log(text)
  await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), text)
}
