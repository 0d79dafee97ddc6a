import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A real server on a data folder of its own, as `npm start` runs it. */
export interface RosterServer {
  address: string
  /** The setup code of this start; empty where somebody had an account already. */
  code: string
  /** End it as an operator would, do something while nothing runs, and start it anew on the same port and data. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

interface Options {
  /** Another server's database in place of one of its own: a further node. */
  databaseUrl?: string
  /** Settings by the names of the environment. */
  env?: Record<string, string>
}

/** Start a server on an empty data folder and any free port; ready when it has printed its address and, on an empty database, its setup code. */
export async function startRoster({ databaseUrl, env = {} }: Options = {}): Promise<RosterServer> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-e2e-'))
  // What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
  await chmod(folder, 0o755)
  const settings = { DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error', ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }), ...env }

  let running = run({ PORT: '0', ...settings })
  const { address, code } = await printed(running)
  async function end(): Promise<void> {
    if (running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    await ended
  }
  return {
    address,
    code,
    async restart(meanwhile) {
      await end()
      await meanwhile?.()
      running = run({ PORT: new URL(address).port, ...settings })
      await printed(running)
    },
    async stop() {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function run(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../apps/api/src/main.ts')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** How long the setup code may come after the address, in ms; they are printed together. */
const CODE_WITHIN_MS = 300

async function printed(program: ChildProcess): Promise<{ address: string; code: string }> {
  const { stdout } = program
  if (!stdout) throw new Error('the server says nothing')
  const lines = createInterface({ input: stdout })
  return new Promise((resolve, reject) => {
    let address = ''
    const done = (code: string) => {
      resolve({ address, code })
      // What it says later must not fill the pipe.
      lines.removeAllListeners('line').resume()
    }
    lines.on('line', (line) => {
      const [, at] = /^Roster runs at (\S+)$/u.exec(line) ?? []
      if (at) {
        address = at
        setTimeout(done, CODE_WITHIN_MS, '')
      }
      const [, code] = /setup code: (\S+)/u.exec(line) ?? []
      if (code) done(code)
    })
    lines.on('close', () => reject(new Error('the server ended before it was ready')))
  })
}
