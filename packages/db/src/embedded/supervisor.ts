import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { DataLocation } from './location.ts'
import { boundLog } from './log.ts'
import { stopProcess } from './postmaster.ts'
import { type Address, hasEnded, type Settings, spawnServer, waitUntilReady } from './server.ts'

const FIRST_DELAY = 100
const MAX_DELAY = 5_000
const LOG_CHECK_MS = 60_000

/** The options of a supervised PostgreSQL. */
export interface Supervised {
  location: DataLocation
  binaries: Binaries
  address: Address
  settings: Settings
  log: (line: string) => void
}

/** Runs PostgreSQL, and restarts it whenever it ends, until `stop`. Resolves when it is ready for the first time. */
export async function supervise(options: Supervised): Promise<{ stop(): Promise<void> }> {
  const { location, binaries, address, settings, log } = options
  const stopping = new AbortController()
  let child: ChildProcess | undefined

  const start = async (): Promise<void> => {
    child = spawnServer(location, binaries, address, settings)
    await waitUntilReady(child, location)
  }
  const keepRunning = async (): Promise<void> => {
    let delay = FIRST_DELAY
    while (!stopping.signal.aborted) {
      if (child !== undefined && !hasEnded(child)) await once(child, 'exit')
      if (stopping.signal.aborted) return
      log(`PostgreSQL ended unexpectedly (${child?.signalCode ?? `exit code ${child?.exitCode}`}); restarting it.`)
      try {
        await start()
        log('PostgreSQL is running again.')
        delay = FIRST_DELAY
      } catch (error) {
        if (!stopping.signal.aborted) log(error instanceof Error ? error.message : String(error))
      }
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
      delay = Math.min(delay * 2, MAX_DELAY)
    }
  }
  // For an exit without stop(), such as after an uncaught error.
  const stopOnExit = (): void => {
    if (child?.pid !== undefined && !hasEnded(child)) process.kill(child.pid, 'SIGINT')
  }

  await startWithRetry(start)
  process.once('exit', stopOnExit)
  const running = keepRunning()
  const logCheck = setInterval(
    () => void boundLog(location.log).catch((error: unknown) => log(String(error))),
    LOG_CHECK_MS,
  ).unref()

  return {
    async stop() {
      stopping.abort()
      clearInterval(logCheck)
      const current = child
      if (current?.pid !== undefined) await stopProcess(current.pid, () => !hasEnded(current))
      await running
      process.off('exit', stopOnExit)
    },
  }
}

/**
 * Retries a start while the processes of a killed PostgreSQL still hold its shared memory, and after no other error.
 */
async function startWithRetry(start: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + 30_000; ; await sleep(200)) {
    try {
      return await start()
    } catch (error) {
      const isTransient =
        error instanceof Error && /shared memory block|lock file .* (already exists|is empty)/.test(error.message)
      if (!isTransient || Date.now() > end) throw error
    }
  }
}
