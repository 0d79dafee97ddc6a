import { closeSync, openSync, rmSync, statSync, utimesSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, root } from './run.mjs'

const lockFile = `${root}.prepare.lock`
/** A holder touches the lock every second; one that hasn't for this long was killed. In milliseconds. */
const CONFLICT = 10_000

/**
 * Runs `work` while no other process of this checkout does.
 *
 * @param {() => Promise<void>} work
 */
export async function withLock(work) {
  let told = false
  while (!take()) {
    if (!told) process.stderr.write('Another process is preparing this checkout; waiting for it …\n')
    told = true
    await sleep(200)
    if (age() > CONFLICT) rmSync(lockFile, { force: true })
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

function take() {
  try {
    closeSync(openSync(lockFile, 'wx'))
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    throw new Failure(`Roster's folder can't be written (${code ?? error}), but something in it has to be installed or built first: ${root}`)
  }
}

function age() {
  const stat = statSync(lockFile, { throwIfNoEntry: false })
  return stat ? Date.now() - stat.mtimeMs : 0
}
