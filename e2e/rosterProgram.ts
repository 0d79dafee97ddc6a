import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server process on a data folder of its own, as `npm start` runs it. */
export interface RosterProgram {
  address: string
  /** The setup code of this start, empty if the database has a user. */
  code: string
  /** Stop the server as an operator does, run `whileStopped`, and start it again on the same port and data. */
  restart(whileStopped?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

interface Options {
  /** A database outside of the data folder. */
  databaseUrl?: string
  /** Further settings; a fixed port is PORT. */
  env?: Record<string, string>
}

/**
 * Start a server on an empty data folder and a free port. Resolves once it has printed its address and, on an empty
 * database, its setup code.
 */
export async function startProgram({ databaseUrl, env = {} }: Options = {}): Promise<RosterProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-e2e-'))
  // As root, PostgreSQL runs under another account, which can't open a folder of mkdtemp.
  await chmod(folder, 0o755)
  const settings = {
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'error',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...env,
  }

  let running = run({ PORT: '0', ...settings })
  const { address, code } = await startup(running)
  async function end(): Promise<void> {
    if (running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    await ended
  }
  return {
    address,
    code,
    async restart(whileStopped) {
      await end()
      await whileStopped?.()
      running = run({ PORT: new URL(address).port, ...settings })
      await startup(running)
    },
    async stop() {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function run(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../apps/api/dist/main.js')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** How long the setup code may follow the address, in ms. */
const CODE_WITHIN_MS = 300

async function startup(program: ChildProcess): Promise<{ address: string; code: string }> {
  const { stdout } = program
  if (!stdout) throw new Error('the server has no output')
  const lines = createInterface({ input: stdout })
  return new Promise((resolve, reject) => {
    let address = ''
    const done = (code: string) => {
      resolve({ address, code })
      // Later output must not fill the pipe.
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
