import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@roster/api/log'
import { startServer } from '@roster/api/server'
import { sessionCookieName } from '@roster/api/session'
import { bareServer } from './bare.ts'
import { type Bench, SETTINGS } from './bench.ts'
import { bulk } from './bulk.ts'
import { createClient } from './client.ts'
import { importUsers } from './importUsers.ts'
import { memberSave } from './memberSave.ts'
import { pageWeight } from './pageWeight.ts'
import { type Row, table, writeReport } from './report.ts'
import { secretTimes } from './secretTimes.ts'
import { seed } from './seed.ts'
import { sessionMe } from './sessionMe.ts'
import { signInTimes } from './signInTimes.ts'
import { startToReady } from './start.ts'
import { suspendToClosed } from './suspendToClosed.ts'
import { userList } from './userList.ts'

const PARTS = {
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

async function measureSeeded(dataDir: string, parts: ((bench: Bench) => Promise<Row[]>)[]): Promise<Row[]> {
  const server = await startServer({ ...SETTINGS, dataDir }, { log: createLog('warn') })
  try {
    console.log('Seeding 100,000 users and 1,000 workspaces …')
    const { services, address } = server
    const seeded = await seed(services.db)
    const bare = await bareServer(services.db, seeded.token)
    const roster = createClient(address, sessionCookieName(services), seeded.token)
    const rows: Row[] = []
    for (const part of parts) {
      console.log(`${part.name} …`)
      const partRows = await part({ services, roster, bare, seeded })
      console.log(table(partRows))
      rows.push(...partRows)
    }
    await bare.close()
    return rows
  } finally {
    await server.stop()
  }
}

// Arguments name the parts to measure. Without arguments, all parts run and the table is written.
const names = process.argv.slice(2)
const known = [...Object.keys(PARTS), 'startToReady']
const unknown = names.find((name) => !known.includes(name))
if (unknown !== undefined) throw new Error(`Unknown part “${unknown}”. Known: ${known.join(', ')}.`)
const isSelected = (name: string): boolean => names.length === 0 || names.includes(name)

const folder = await mkdtemp(join(tmpdir(), 'roster-bench-'))
// mkdtemp's folder is closed to the account that PostgreSQL runs under when we are root.
await chmod(folder, 0o755)
try {
  const start = performance.now()
  const rows: Row[] = isSelected('startToReady') ? await startToReady(join(folder, 'start')) : []
  const parts = Object.values(PARTS).filter((part) => isSelected(part.name))
  if (parts.length > 0) rows.unshift(...(await measureSeeded(join(folder, 'data'), parts)))
  console.log(`\n${table(rows)}\n\n${Math.round((performance.now() - start) / 1000)} s`)
  if (names.length === 0) await writeReport(rows)
} finally {
  await rm(folder, { recursive: true, force: true })
}
