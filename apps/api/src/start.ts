import { hasUsers } from '@roster/db'
import { runEntry, say } from './entry.ts'
import { readEnv } from './env.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { newSetupCode } from './setup/setupCode.ts'
import { writeSetupCode, removeSetupCodeOnceUsed, setupCodeFile } from './setup/setupCodeFile.ts'

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

  say(`Roster runs at ${address}`)
  if (env.publicUrl === null && !LOOPBACK.includes(env.host)) say('Until PUBLIC_URL is set to the address people open, only this machine is answered.')
  if (code !== null) {
    say(`\nNobody has an account yet. Make the first administrator here:\n  ${address}/setup#${code}`)
    say(`  setup code: ${code} (also in ${setupCodeFile(env.dataDir)})\n`)
  }
  log.info({ address, ms: Math.round(performance.now()) }, 'ready')
})
