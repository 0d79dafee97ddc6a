import { ROLE_NAME } from '@roster/domain'
import { runEntry, say } from '../entry.ts'
import { type Env, readEnv } from '../env.ts'
import { createLog } from '../log.ts'
import { startServer } from '../server.ts'
import { type KnownAccount, openKnownAccounts } from './knownAccounts.ts'
import { seedDemo } from './seed.ts'

/** For this machine alone, on a folder and a database of its own, whatever the settings are for the real one. */
function demoEnv(): Env {
  const env = readEnv()
  return { ...env, host: '127.0.0.1', dataDir: `${env.dataDir}-demo`, databaseUrl: null, databaseDirectUrl: null, publicUrl: null, trustProxy: false }
}

await runEntry(async (stopOnSignals) => {
  const env = demoEnv()
  let accounts: KnownAccount[] = []
  const starting = startServer(env, {
    log: createLog(env.logLevel),
    beforeListening: async ({ db }) => {
      await seedDemo(db)
      accounts = await openKnownAccounts(db)
    },
  })
  stopOnSignals(async () => (await starting).stop())
  const { address } = await starting
  say(`Roster's demonstration runs at ${address}, for this machine alone. It is kept in ${env.dataDir}; delete that to begin anew.`)
  say('These passwords hold until it is started again:\n')
  for (const { role, username, password } of accounts) say(`  ${ROLE_NAME[role].padEnd(14)} ${username.padEnd(14)} ${password}`)
  say('')
})
