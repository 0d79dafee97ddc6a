import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { boundLog } from './log.ts'
import type { Place } from './place.ts'
import { stopProcess } from './postmaster.ts'
import { type Address, hasEnded, type Settings, spawnServer, untilReady } from './server.ts'

const FIRST_DELAY = 100
const LONGEST_DELAY = 5_000
const LOG_CHECK = 60_000

/** What a supervised PostgreSQL consists of. */
export interface Supervised {
  place: Place
  binaries: Binaries
  address: Address
  settings: Settings
  log: (line: string) => void
}

/** Runs PostgreSQL and starts it again whenever it ends, until stopped. Resolves when it is ready for the first time. */
export async function supervise(options: Supervised): Promise<{ stop(): Promise<void> }> {
  const { place, binaries, address, settings, log } = options
  const stopping = new AbortController()
  let child: ChildProcess | undefined

  const start = async (): Promise<void> => {
    child = spawnServer(place, binaries, address, settings)
    await untilReady(child, place)
  }
  const keepRunning = async (): Promise<void> => {
    let delay = FIRST_DELAY
    while (!stopping.signal.aborted) {
      if (child !== undefined && !hasEnded(child)) await once(child, 'exit')
      if (stopping.signal.aborted) return
      log(`PostgreSQL ended unexpectedly (${child?.signalCode ?? `exit code ${child?.exitCode}`}); starting it again.`)
      try {
        await start()
        log('PostgreSQL runs again.')
        delay = FIRST_DELAY
      } catch (error) {
        if (!stopping.signal.aborted) log(error instanceof Error ? error.message : String(error))
      }
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
      delay = Math.min(delay * 2, LONGEST_DELAY)
    }
  }
  // For an end without stop(), as after an uncaught error: by then nothing of ours uses it any more.
  const leave = (): void => {
    if (child?.pid !== undefined && !hasEnded(child)) process.kill(child.pid, 'SIGINT')
  }

  await startPatiently(start)
  process.once('exit', leave)
  const running = keepRunning()
  const logCheck = setInterval(() => void boundLog(place.log).catch((error: unknown) => log(String(error))), LOG_CHECK).unref()

  return {
    async stop() {
      stopping.abort()
      clearInterval(logCheck)
      const current = child
      if (current?.pid !== undefined) await stopProcess(current.pid, () => !hasEnded(current))
      await running
      process.off('exit', leave)
    },
  }
}

/** The processes of a PostgreSQL that was killed may hold its shared memory for a moment longer; then, and only then, starting is tried again. */
async function startPatiently(start: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + 30_000; ; await sleep(200)) {
    try {
      return await start()
    } catch (error) {
      const passing = error instanceof Error && /shared memory block|lock file .* (already exists|is empty)/.test(error.message)
      if (!passing || Date.now() > end) throw error
    }
  }
}
