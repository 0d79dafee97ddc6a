import { ROLE_NAME } from '@roster/domain'
import { type Env, readEnv } from '../env.ts'
import { print, runEntry } from '../server/entry.ts'
import { createLog } from '../server/log.ts'
import { startServer } from '../server/server.ts'
import { type KnownAccount, resetKnownAccounts } from './knownAccounts.ts'
import { seedDemo } from './seed.ts'

/**
 * The demo listens on loopback and has its own data folder and embedded database. It ignores the real server's settings
 * for these.
 */
function demoEnv(): Env {
  const env = readEnv()
  return {
    ...env,
    host: '127.0.0.1',
    dataDir: `${env.dataDir}-demo`,
    databaseUrl: null,
    databaseDirectUrl: null,
    publicUrl: null,
    trustProxy: false,
  }
}

await runEntry(async (stopOnSignals) => {
  const env = demoEnv()
  let accounts: KnownAccount[] = []
  const starting = startServer(env, {
    log: createLog(env.logLevel),
    beforeListening: async ({ db }) => {
      await seedDemo(db)
      accounts = await resetKnownAccounts(db)
    },
  })
  stopOnSignals(async () => (await starting).stop())
  const { address } = await starting
  print(`The Roster demo runs at ${address} and accepts connections from this machine only.`)
  print(`Its data is in ${env.dataDir}. Delete that folder to start over.`)
  print('Sign in with one of these accounts. The passwords change at each start:\n')
  for (const { role, username, password } of accounts)
    print(`  ${ROLE_NAME[role].padEnd(14)} ${username.padEnd(14)} ${password}`)
  print('')
})
