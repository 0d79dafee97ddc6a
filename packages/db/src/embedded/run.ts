import { spawn } from 'node:child_process'
import type { Account } from './account.ts'

/**
 * The environment of every program started here. It has none of Roster's settings or secrets, and sets English
 * messages.
 */
export const ENVIRONMENT = {
  LC_ALL: 'C',
  TZ: 'UTC',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
}

/** The output and exit code of a program. `code`: undefined when it could not start or was killed. */
export interface Outcome {
  code: number | undefined
  output: string
}

/** Runs a program to its end, under another account if given. Never throws. */
export function run(program: string, args: readonly string[], account?: Account): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: '/', env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'], ...account })
    let output = ''
    const collect = (chunk: string): void => {
      output += chunk
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.on('error', (error) => resolve({ code: undefined, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? undefined, output }))
  })
}
