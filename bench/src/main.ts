import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@roster/api/log'
import { startServer } from '@roster/api/server'
import { sessionCookieName } from '@roster/api/session'
import { bareServer } from './bare.ts'
import { listRatios, meRatio } from './calls.ts'
import { clientOf } from './client.ts'
import { memberSave } from './memberSave.ts'
import { memoryAtRest, pageWeights, startToReady } from './place.ts'
import { type Row, report } from './report.ts'
import { seed } from './seed.ts'
import { signInTimes } from './signInTimes.ts'
import { suspendToClosed } from './suspendToClosed.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-bench-'))
// What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
await chmod(folder, 0o755)
try {
  const rows: Row[] = [...(await startToReady(join(folder, 'start'))), ...pageWeights()]
  const env = {
    port: 0,
    host: '127.0.0.1',
    dataDir: join(folder, 'data'),
    databaseUrl: null,
    databaseDirectUrl: null,
    publicUrl: null,
    logLevel: 'error',
    trustProxy: false,
    metricsToken: null,
  } as const
  const server = await startServer(env, { log: createLog('error') })
  try {
    rows.push(memoryAtRest())
    console.log('Seeding 100,000 users and 1,000 workspaces …')
    const seeded = await seed(server.services.db)
    const bare = await bareServer(server.services.db, seeded.token)
    const bareAddress = await bare.listen({ port: 0, host: '127.0.0.1' })
    const roster = clientOf(server.address, sessionCookieName(server.services), seeded.token)
    rows.push(await meRatio(roster, bareAddress))
    rows.push(...(await listRatios(roster, bareAddress)))
    rows.push(...(await memberSave(roster, seeded)))
    rows.push(...(await suspendToClosed(server.services, roster, seeded)))
    rows.push(...(await signInTimes(server.services, roster, seeded)))
    await bare.close()
  } finally {
    await server.stop()
  }
  await report(rows)
} finally {
  await rm(folder, { recursive: true, force: true })
}
