import { closeSync, openSync, rmSync, statSync, utimesSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, root } from './run.mjs'

const lockFile = `${root}.prepare.lock`
/**
 * A running process touches the lock every second; a lock older than this belongs to a killed process. Milliseconds.
 */
const STALE_AFTER_MS = 10_000

/**
 * Runs `work` while no other process of this checkout does.
 *
 * @param {() => Promise<void>} work
 */
export async function withLock(work) {
  let announced = false
  while (!acquire()) {
    if (!announced) process.stderr.write('Another process is preparing this checkout. Waiting for it …\n')
    announced = true
    await sleep(200)
    if (age() > STALE_AFTER_MS) rmSync(lockFile, { force: true })
  }
  const heartbeat = setInterval(() => utimesSync(lockFile, new Date(), new Date()), 1000)
  const release = () => rmSync(lockFile, { force: true })
  process.on('exit', release)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => process.exit(1))
  try {
    await work()
  } finally {
    clearInterval(heartbeat)
    release()
  }
}

function acquire() {
  try {
    closeSync(openSync(lockFile, 'wx'))
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    throw new Failure(
      `Roster has to install or build first, but its folder is not writable (${code ?? error}): ${root}`,
    )
  }
}

function age() {
  const stat = statSync(lockFile, { throwIfNoEntry: false })
  return stat ? Date.now() - stat.mtimeMs : 0
}
