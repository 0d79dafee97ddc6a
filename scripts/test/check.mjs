import { spawn } from 'node:child_process'
import { root } from '../prepare/run.mjs'

/** No stage may hang the whole: after this long its processes are ended and it has failed. In milliseconds. */
const LIMIT = 12 * 60_000

const env = {
  ...process.env,
  CI: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  npm_config_loglevel: 'error',
  // Some tools colour whatever CI they are in, and their findings can't be read in its log.
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
}

/**
 * Runs a program of a stage, showing what it prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [more] further environment
 * @returns {Promise<number>} its exit code
 */
export function runStage(program, args, more = {}) {
  return new Promise((resolve) => {
    // A process group of its own, so that whatever it started can be ended with it.
    const child = spawn(program, args, { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      try {
        if (child.pid) process.kill(-child.pid, signal)
      } catch {
        // The group is gone already.
      }
    }
    const interrupted = () => {
      end('SIGTERM')
      process.exit(130)
    }
    const timer = setTimeout(() => {
      process.stdout.write(`Still running after ${LIMIT / 60_000} minutes; ended.\n`)
      end('SIGTERM')
      setTimeout(() => end('SIGKILL'), 5000).unref()
    }, LIMIT)
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
    /** @param {number} code */
    const done = (code) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
      resolve(code)
    }
    child.on('error', (error) => {
      process.stdout.write(`${program}: ${error.message}\n`)
      done(1)
    })
    child.on('exit', (code) => done(code ?? 1))
  })
}

/**
 * A stage that either holds or doesn't: it counts as one.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<import('../test.mjs').Count>}
 */
export async function check(program, args) {
  return (await runStage(program, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}
