import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareServer } from './bare.ts'
import { prepareBaseline } from './baseline.ts'
import type { Bench } from './bench.ts'
import { bulk } from './bulk.ts'
import { executedFiles } from './executedFiles.ts'
import { importUsers } from './importUsers.ts'
import { memberSave } from './memberSave.ts'
import { mixedCalls } from './mixedCalls.ts'
import { pageWeight } from './pageWeight.ts'
import type { Row } from './report.ts'
import { secretTimes } from './secretTimes.ts'
import { sessionMe } from './sessionMe.ts'
import { signInTimes } from './signInTimes.ts'
import { startToReady } from './start.ts'
import { suspendToClosed } from './suspendToClosed.ts'
import { userList } from './userList.ts'
import { startVersions } from './version.ts'
import { tables, writeReport } from './writeReport.ts'

/** Parts that need running servers with users. */
const SEEDED_PARTS = {
  sessionMe,
  userList,
  memberSave,
  bulk,
  importUsers,
  suspendToClosed,
  signInTimes,
  secretTimes,
  pageWeight,
} as const

/** Parts that start servers of their own, on empty data folders. */
const EMPTY_PARTS = { startToReady, mixedCalls, executedFiles } as const

type SeededPart = (bench: Bench) => Promise<Row[]>
type EmptyPart = (folder: string, baseline: string | null) => Promise<Row[]>

async function measureSeeded(
  folder: string,
  baseline: string | null,
  large: boolean,
  parts: [string, SeededPart][],
): Promise<Row[]> {
  const versions = await startVersions(folder, baseline)
  try {
    const bare = await bareServer(versions.now, versions.now.seeded.token)
    const rows = await measure(parts, (part) => part({ ...versions, bare, large }))
    await bare.close()
    return rows
  } finally {
    await versions.baseline?.stop()
    await versions.now.stop()
  }
}

async function measure<Part>(parts: [string, Part][], run: (part: Part) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, part] of parts) {
    const start = performance.now()
    console.log(`${name} …`)
    const partRows = await run(part)
    console.log(`${tables(partRows)}\n${Math.round((performance.now() - start) / 1000)} s\n`)
    rows.push(...partRows)
  }
  return rows
}

// Arguments name the parts to measure. Without a name, all parts run and the report is written. `--large` measures
// longer.
const large = process.argv.includes('--large')
const names = process.argv.slice(2).filter((argument) => argument !== '--large')
const known = Object.keys({ ...SEEDED_PARTS, ...EMPTY_PARTS })
const unknown = names.find((name) => !known.includes(name))
if (unknown !== undefined) throw new Error(`Unknown part “${unknown}”. Known: ${known.join(', ')}.`)
const selected = <Part>(parts: Record<string, Part>): [string, Part][] =>
  Object.entries(parts).filter(([name]) => names.length === 0 || names.includes(name))

// An exit stops the servers, a signal alone would not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const baseline = await prepareBaseline()
const folder = await mkdtemp(join(tmpdir(), 'roster-bench-'))
// mkdtemp's folder is closed to the account that PostgreSQL runs under when we are root.
await chmod(folder, 0o755)
try {
  const start = performance.now()
  const seededParts = selected<SeededPart>(SEEDED_PARTS)
  const rows = [
    ...(seededParts.length > 0 ? await measureSeeded(folder, baseline, large, seededParts) : []),
    ...(await measure(selected<EmptyPart>(EMPTY_PARTS), (part) => part(folder, baseline))),
  ]
  console.log(`All parts: ${Math.round((performance.now() - start) / 1000)} s`)
  if (names.length === 0) await writeReport(rows, large)
} finally {
  await rm(folder, { recursive: true, force: true })
}
