import { readEnv } from './env.ts'
import { createLog } from './log.ts'
import { OperatorError } from './operatorError.ts'
import { startServer } from './server.ts'
import { newSetupCode } from './setup/setupCode.ts'
import { keepSetupCode, setupCodeFile } from './setup/setupCodeFile.ts'
import { stopOnSignals } from './signals.ts'

/** For whoever started it: on standard output, apart from the log. */
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  const env = readEnv()
  const log = createLog(env.logLevel)
  const starting = startServer(env, { log })
  stopOnSignals(async () => (await starting).stop(), say)
  const { address, services } = await starting
  const code = await newSetupCode(services.db)
  await keepSetupCode(env.dataDir, code)

  say(`Roster runs at ${address}`)
  if (env.publicUrl === null && !['127.0.0.1', '::1', 'localhost'].includes(env.host))
    say('Set PUBLIC_URL to the address people open: until then only this machine is answered.')
  if (code !== null) {
    say('\nNobody has an account yet. Make the first administrator here:')
    say(`  ${address}/setup#${code}`)
    say(`  setup code: ${code} (also in ${setupCodeFile(env.dataDir)})\n`)
  }
  log.info({ address, ms: Math.round(performance.now()) }, 'ready')
} catch (error) {
  process.stderr.write(error instanceof OperatorError ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
