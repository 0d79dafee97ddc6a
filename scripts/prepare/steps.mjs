import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { buildConsole } from './build.mjs'
import { buildServer } from './buildServer.mjs'
import { generateClient } from './generate.mjs'
import { installDependencies } from './install.mjs'
import { withLock } from './lock.mjs'
import { Failure } from './run.mjs'

/**
 * One step. It is done when `output` exists and `stampFile` holds the current `fingerprint` of its sources. `run` does
 * it, or throws a Failure.
 *
 * @typedef {object} Step
 * @property {string} title for the terminal
 * @property {string} stampFile
 * @property {string} output
 * @property {() => string} fingerprint
 * @property {() => boolean} [isUpToDate] whether the step is done although its stamp is missing or old
 * @property {(quiet: boolean) => Promise<void>} run
 */

/** @param {Step} step */
function isDone(step) {
  const fingerprint = step.fingerprint()
  if (existsSync(step.output) && readStamp(step.stampFile) === fingerprint) return true
  if (!step.isUpToDate?.()) return false
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
 * Runs the steps that are not done, in one process at a time; a second process waits. A failure sets exit code 1.
 *
 * @param {{ build: boolean, quiet: boolean }} options
 */
export async function prepare({ build, quiet }) {
  const steps = build
    ? [installDependencies, generateClient, buildServer, buildConsole]
    : [installDependencies, generateClient]
  try {
    if (steps.every(isDone)) return
    await withLock(async () => {
      for (const step of steps) {
        if (isDone(step)) continue
        const started = Date.now()
        if (!quiet) process.stdout.write(`${step.title} …\n`)
        // Read before the step runs: a file saved during it must count as newer than the output.
        const fingerprint = step.fingerprint()
        await step.run(quiet)
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
