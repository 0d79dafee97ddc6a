import type { ImportRan } from '@roster/domain'
import type { Bench } from './bench.ts'
import type { Row } from './report.ts'

/** People of the file; fewer by the environment, for whoever works on this part. */
const USERS = Number(process.env['BENCH_IMPORT_USERS'] ?? 10_000)
const CHUNK = 100
/** Calls of others before the import, to compare with; and the pause between two of their calls, in ms. */
const BEFORE = 300
const PAUSE = 10

/** An import by links, chunk by chunk as the console asks for it, and what somebody else's calls take meanwhile. */
export async function importUsers({ roster }: Bench): Promise<Row[]> {
  const { headers } = roster
  const me = async (): Promise<number> => {
    const start = performance.now()
    const answer = await fetch(roster.query('session.me'), { headers })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`session.me was answered ${answer.status}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    return performance.now() - start - PAUSE
  }
  const before: number[] = []
  for (let i = 0; i < BEFORE; i++) before.push(await me())

  const batch = Date.now().toString(36)
  const text = ['username,name', ...Array.from({ length: USERS }, (_, i) => `import.${batch}.${i},UserSummary ${i}`)].join('\n')
  const meanwhile: number[] = []
  let over = false
  const others = (async () => {
    while (!over) meanwhile.push(await me())
  })()
  const looking = performance.now()
  const { importId } = await roster.change<{ importId: string }>('import.create', {
    text,
    fileName: 'people.csv',
    columns: ['username', 'displayName'],
    credential: 'link',
  })
  const looked = (performance.now() - looking) / 1000
  const running = performance.now()
  let created = 0
  for (let from = 1; from <= USERS; from += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, USERS - from + 1) }, (_, i) => ({ number: from + i }))
    const ran = await roster.change<ImportRan>('import.run', { importId, rows })
    created += ran.rows.filter(({ outcome }) => outcome === 'created').length
  }
  const seconds = (performance.now() - running) / 1000
  over = true
  await others
  if (created !== USERS) throw new Error(`${created} of ${USERS} were created`)
  const users = USERS.toLocaleString('en')
  return [
    { what: `import.create of ${users} (dry run)`, measured: `${looked.toFixed(2)} s` },
    { what: `import.run of ${users} by links (a transaction each)`, measured: `${Math.round(USERS / seconds)} users/s` },
    {
      what: 'session.me of others during an import, one at a time',
      measured: `median ${at(meanwhile, 0.5)}, p99 ${at(meanwhile, 0.99)}`,
      against: `without it: median ${at(before, 0.5)}, p99 ${at(before, 0.99)}`,
    },
  ]
}

/** A quantile of times in ms, as it is told. */
function at(times: readonly number[], part: number): string {
  const sorted = [...times].sort((a, b) => a - b)
  return `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1)} ms`
}
