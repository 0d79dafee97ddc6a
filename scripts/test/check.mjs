import { spawn } from 'node:child_process'
import { root } from '../prepare/run.mjs'
import { CHECK_LIMIT, STALL_LIMIT, watchProgress } from './watch.mjs'

const env = {
  ...process.env,
  CI: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  npm_config_loglevel: 'error',
  // Some tools use colours in any CI, which makes its log hard to read.
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
}

/**
 * Runs a program of a stage and shows its output. Ends it, with all processes it started, when it makes no progress.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, progress?: string, limit?: number }} [options] more environment; the file
 * that grows with every finished test;
 *   how long it may make no progress, in milliseconds
 * @returns {Promise<number>} its exit code
 */
export function runStage(
  program,
  args,
  { env: extraEnv = {}, progress, limit = progress ? STALL_LIMIT : CHECK_LIMIT } = {},
) {
  return new Promise((resolve) => {
    // A process group of its own, so that all processes it starts can be ended with it.
    const child = spawn(program, args, {
      cwd: root,
      env: { ...env, ...(progress ? { ROSTER_TEST_PROGRESS: progress } : {}), ...extraEnv },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    })
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      try {
        if (child.pid) process.kill(-child.pid, signal)
      } catch {
        // The group has already ended.
      }
    }
    const interrupted = () => {
      end('SIGTERM')
      process.exit(130)
    }
    const unwatch = watchProgress({
      ...(progress ? { file: progress } : {}),
      limit,
      onStall() {
        process.stdout.write(
          `${progress ? 'No test finished for' : 'Still running after'} ${Math.round(limit / 1000)} s. Stopped.\n`,
        )
        end('SIGTERM')
        setTimeout(() => end('SIGKILL'), 5000).unref()
      },
    })
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
    /** @param {number} code */
    const done = (code) => {
      unwatch()
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
 * Runs a check without tests of its own; it counts as one test.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<import('../test.mjs').Count>}
 */
export async function check(program, args) {
  return (await runStage(program, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}
