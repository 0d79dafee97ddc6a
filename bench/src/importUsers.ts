import type { ImportRunResult } from '@roster/domain'
import type { Bench } from './bench.ts'
import type { Row } from './report.ts'

/** Rows of the file. BENCH_IMPORT_USERS sets fewer, for a quick run. */
const USERS = Number(process.env['BENCH_IMPORT_USERS'] ?? 10_000)
const CHUNK = 100
/** Calls measured before the import, for comparison. */
const CALLS_BEFORE = 300
/** The pause between two calls. Milliseconds. */
const PAUSE_MS = 10

/** Runs an import with links, chunk by chunk as the console does, and measures other calls during it. */
export async function importUsers({ roster }: Bench): Promise<Row[]> {
  const { headers } = roster
  const me = async (): Promise<number> => {
    const start = performance.now()
    const answer = await fetch(roster.query('session.me'), { headers })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`session.me answered ${answer.status}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return performance.now() - start - PAUSE_MS
  }
  const before: number[] = []
  for (let i = 0; i < CALLS_BEFORE; i++) before.push(await me())

  const batch = Date.now().toString(36)
  const text = ['username,name', ...Array.from({ length: USERS }, (_, i) => `import.${batch}.${i},User ${i}`)].join(
    '\n',
  )
  const during: number[] = []
  let finished = false
  const otherCalls = (async () => {
    while (!finished) during.push(await me())
  })()
  const createStart = performance.now()
  const { importId } = await roster.mutate<{ importId: string }>('import.create', {
    text,
    fileName: 'users.csv',
    columns: ['username', 'displayName'],
    credential: 'link',
  })
  const createSeconds = (performance.now() - createStart) / 1000
  const runStart = performance.now()
  let created = 0
  for (let from = 1; from <= USERS; from += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, USERS - from + 1) }, (_, i) => ({ number: from + i }))
    const ran = await roster.mutate<ImportRunResult>('import.run', { importId, rows })
    created += ran.rows.filter(({ outcome }) => outcome === 'created').length
  }
  const runSeconds = (performance.now() - runStart) / 1000
  finished = true
  await otherCalls
  if (created !== USERS) throw new Error(`${created} of ${USERS} users were created`)
  const users = USERS.toLocaleString('en')
  return [
    { what: `import.create of ${users} (preview of each row)`, measured: `${createSeconds.toFixed(2)} s` },
    {
      what: `import.run of ${users} with links (a transaction each)`,
      measured: `${Math.round(USERS / runSeconds)} users/s`,
    },
    {
      what: 'session.me of another client during an import, one at a time',
      measured: `median ${formatQuantile(during, 0.5)}, p99 ${formatQuantile(during, 0.99)}`,
      against: `without the import: median ${formatQuantile(before, 0.5)}, p99 ${formatQuantile(before, 0.99)}`,
    },
  ]
}

/** Formats a quantile of milliseconds. */
function formatQuantile(times: readonly number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b)
  return `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)} ms`
}
