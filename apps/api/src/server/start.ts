import { hasUsers } from '@roster/db'
import { readEnv } from '../env.ts'
import { newSetupCode } from '../setup/setupCode.ts'
import { removeSetupCodeOnceUsed, setupCodeFile, writeSetupCode } from '../setup/setupCodeFile.ts'
import { print, runEntry } from './entry.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

await runEntry(async (stopOnSignals) => {
  const env = readEnv()
  const log = createLog(env.logLevel)
  const starting = startServer(env, { log })
  stopOnSignals(async () => (await starting).stop())
  const { address, services } = await starting
  const code = await newSetupCode(services.db)
  await writeSetupCode(env.dataDir, code)
  if (code !== null) removeSetupCodeOnceUsed(env.dataDir, () => hasUsers(services.db.prisma))

  print(`Roster runs at ${address}`)
  if (env.publicUrl === null && !LOOPBACK.includes(env.host))
    print('PUBLIC_URL is not set, so only this machine can connect. Set PUBLIC_URL to the address that users open.')
  if (code !== null) {
    print(`\nThere are no users yet. Create the first administrator here:\n  ${address}/setup#${code}`)
    print(`  setup code: ${code} (also in ${setupCodeFile(env.dataDir)})\n`)
  }
  log.info({ address, ms: Math.round(performance.now()) }, 'ready')
})
