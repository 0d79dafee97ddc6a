import type { ImportRunResult } from '@roster/domain'
import type { Bench } from './bench.ts'
import { callTime, callTimes, latencyRows } from './latency.ts'
import { median, p95 } from './quantile.ts'
import { MILLISECONDS, PER_SECOND, type Row, SECONDS, versionRow, withinRow } from './report.ts'
import { pick, summarize, type Turns, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

/** Rows of a file, and of one call. */
const USERS = 10_000
const CHUNK = 100
/** Pairs, and the rows of the file that a turn runs. The long measurement runs the whole file. */
const SHORT = { pairs: 8, rows: 1_000 }
const LONG = { pairs: 4, rows: USERS }
/** Calls before each import, for comparison. */
const CALLS_BEFORE = 250
/** The pause between two calls. Milliseconds. */
const PAUSE_MS = 5

interface Turn {
  createSeconds: number
  usersPerSecond: number
  /** Milliseconds of session.me, one at a time, before the import and during its run. */
  before: number[]
  during: number[]
}

/** Runs imports with links, chunk by chunk as the console does, and measures other calls during it. */
export async function importUsers(bench: Bench): Promise<Row[]> {
  const { pairs, rows } = bench.large ? LONG : SHORT
  const turns = await takeVersionTurns(bench, (version) => (turn) => importOnce(version, turn, rows), pairs)
  return [
    versionRow(
      `import.create of ${USERS.toLocaleString('en')} (preview of each row)`,
      summarize(
        pick(turns, (turn) => turn.createSeconds),
        median,
      ),
      SECONDS,
    ),
    versionRow(
      'import.run with links, users (a transaction each)',
      summarize(
        pick(turns, (turn) => turn.usersPerSecond),
        median,
      ),
      PER_SECOND,
    ),
    ...latencyRows(
      'session.me of another client during an import',
      pick(turns, (turn) => turn.during),
    ),
    slowdown(turns.a),
  ]
}

/** How much longer another client's calls take during an import of this version. */
function slowdown(turns: readonly Turn[]): Row {
  const times: Turns<number[]> = { a: turns.map(({ during }) => during), b: turns.map(({ before }) => before) }
  const comparison = summarize(times, (all) => p95(all.flat()))
  const what = 'session.me of another client during an import, p95'
  return withinRow({ what, reference: 'before it', comparison, unit: MILLISECONDS })
}

async function importOnce({ roster }: Version, turn: number, rows: number): Promise<Turn> {
  const me = { url: roster.query('session.me'), headers: roster.headers }
  const before = await callTimes(me, CALLS_BEFORE)

  const lines = Array.from({ length: USERS }, (_, i) => `import.${turn}.${i},User ${i}`)
  const createStart = performance.now()
  const { importId } = await roster.mutate<{ importId: string }>('import.create', {
    text: ['username,name', ...lines].join('\n'),
    fileName: 'users.csv',
    columns: ['username', 'displayName'],
    credential: 'link',
  })
  const createSeconds = (performance.now() - createStart) / 1000

  const during: number[] = []
  let finished = false
  const otherCalls = (async () => {
    while (!finished) {
      during.push(await callTime(me))
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  })()
  const runStart = performance.now()
  let created = 0
  for (let from = 1; from <= rows; from += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, rows - from + 1) }, (_, i) => ({ number: from + i }))
    const ran = await roster.mutate<ImportRunResult>('import.run', { importId, rows: chunk })
    created += ran.rows.filter(({ outcome }) => outcome === 'created').length
  }
  const usersPerSecond = (created * 1000) / (performance.now() - runStart)
  finished = true
  await otherCalls
  if (created !== rows) throw new Error(`${created} of ${rows} users were created`)
  // An administrator may have only a few unfinished imports.
  if (rows < USERS) await roster.mutate('import.discard', { importId })
  return { createSeconds, usersPerSecond, before, during }
}
