import { spawn } from 'node:child_process'
import type { Account } from './account.ts'

/** The whole environment of every program started here: no setting or secret of ours reaches them, and their messages are in English. */
export const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }

/** What a program said and how it ended; `code` is undefined when it could not be started or was killed. */
export interface Outcome {
  code: number | undefined
  output: string
}

/** Runs a program to its end, under another account where one is given. Never throws. */
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
