import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@roster/api/log'
import { startServer } from '@roster/api/server'
import { sessionCookieName } from '@roster/api/session'
import { bareServer } from './bare.ts'
import { type Bench, SETTINGS } from './bench.ts'
import { bulk } from './bulk.ts'
import { clientOf } from './client.ts'
import { importUsers } from './importUsers.ts'
import { memberSave } from './memberSave.ts'
import { pageWeight } from './pageWeight.ts'
import { keep, type Row, table } from './report.ts'
import { secretTimes } from './secretTimes.ts'
import { seed } from './seed.ts'
import { sessionMe } from './sessionMe.ts'
import { signInTimes } from './signInTimes.ts'
import { startToReady } from './start.ts'
import { suspendToClosed } from './suspendToClosed.ts'
import { userList } from './userList.ts'

const PARTS = { sessionMe, userList, memberSave, bulk, importUsers, suspendToClosed, signInTimes, secretTimes, pageWeight } as const

async function onSeeded(dataDir: string, parts: ((bench: Bench) => Promise<Row[]>)[]): Promise<Row[]> {
  const server = await startServer({ ...SETTINGS, dataDir }, { log: createLog('warn') })
  try {
    console.log('Seeding 100,000 users and 1,000 workspaces …')
    const { services, address } = server
    const seeded = await seed(services.db)
    const bare = await bareServer(services.db, seeded.token)
    const roster = clientOf(address, sessionCookieName(services), seeded.token)
    const rows: Row[] = []
    for (const part of parts) {
      console.log(`${part.name} …`)
      const measured = await part({ services, roster, bare, seeded })
      console.log(table(measured))
      rows.push(...measured)
    }
    await bare.close()
    return rows
  } finally {
    await server.stop()
  }
}

// Parts by name, for whoever works on one; without, all of it, and the table is kept.
const chosen = process.argv.slice(2)
const known = [...Object.keys(PARTS), 'startToReady']
const wrong = chosen.find((name) => !known.includes(name))
if (wrong !== undefined) throw new Error(`There is no part “${wrong}”: ${known.join(', ')}.`)
const wanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name)

const folder = await mkdtemp(join(tmpdir(), 'roster-bench-'))
// What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
await chmod(folder, 0o755)
try {
  const begun = performance.now()
  const rows: Row[] = wanted('startToReady') ? await startToReady(join(folder, 'start')) : []
  const parts = Object.values(PARTS).filter((part) => wanted(part.name))
  if (parts.length > 0) rows.unshift(...(await onSeeded(join(folder, 'data'), parts)))
  console.log(`\n${table(rows)}\n\n${Math.round((performance.now() - begun) / 1000)} s`)
  if (chosen.length === 0) await keep(rows)
} finally {
  await rm(folder, { recursive: true, force: true })
}
