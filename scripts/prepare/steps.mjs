import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { buildConsole } from './build.mjs'
import { generateClient } from './generate.mjs'
import { installDependencies } from './install.mjs'
import { withLock } from './lock.mjs'
import { Failure } from './run.mjs'

/**
 * One thing to have ready: `fingerprint` names the state of its sources, `stampFile` keeps the fingerprint it was last made from,
 * `product` is a file that must be there too, `make` makes it (and throws a Failure, with a sentence, when it can't).
 *
 * @typedef {object} Step
 * @property {string} title what is being done, for the terminal
 * @property {string} stampFile
 * @property {string} product
 * @property {() => string} fingerprint
 * @property {() => boolean} [alreadyThere] true when what the stamp would promise is there without a stamp
 * @property {(quiet: boolean) => Promise<void>} make
 */

/** @param {Step} step */
function isDone(step) {
  const fingerprint = step.fingerprint()
  if (existsSync(step.product) && readStamp(step.stampFile) === fingerprint) return true
  if (!step.alreadyThere?.()) return false
  writeStamp(step.stampFile, fingerprint)
  return true
}

/** @param {string} file */
function readStamp(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} file
 * @param {string} fingerprint
 */
function writeStamp(file, fingerprint) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, fingerprint)
}

/**
 * Does what is missing, one process at a time; a second one waits and finds it done. Ends the process with code 1 on a failure.
 *
 * @param {{ build: boolean, quiet: boolean }} options
 */
export async function prepare({ build, quiet }) {
  const steps = build ? [installDependencies, generateClient, buildConsole] : [installDependencies, generateClient]
  try {
    if (steps.every(isDone)) return
    await withLock(async () => {
      for (const step of steps) {
        if (isDone(step)) continue
        const started = Date.now()
        if (!quiet) process.stdout.write(`${step.title} …\n`)
        // Read before the work: a file saved meanwhile must count as newer than what is made from it.
        const fingerprint = step.fingerprint()
        await step.make(quiet)
        writeStamp(step.stampFile, fingerprint)
        if (!quiet) process.stdout.write(`${step.title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
      }
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
