import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A real server on a data folder of its own, as `npm start` runs it. */
export interface RosterServer {
  address: string
  /** The setup code of this start. */
  code: string
  stop(): Promise<void>
}

/** Start a server on an empty data folder and any free port; ready when it has printed its address and setup code. */
export async function startRoster(): Promise<RosterServer> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-e2e-'))
  // What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
  await chmod(folder, 0o755)
  const program = spawn(process.execPath, [join(import.meta.dirname, '../apps/api/src/main.ts')], {
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { address, code } = await printed(program)
  return {
    address,
    code,
    async stop() {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function printed(program: ChildProcess): Promise<{ address: string; code: string }> {
  if (!program.stdout) throw new Error('the server says nothing')
  let address: string | undefined
  for await (const line of createInterface({ input: program.stdout })) {
    address = /^Roster runs at (\S+)$/u.exec(line)?.[1] ?? address
    const code = /setup code: (\S+)/u.exec(line)?.[1]
    if (address && code) {
      // What it says later must not fill the pipe.
      program.stdout.resume()
      return { address, code }
    }
  }
  throw new Error('the server ended before it was ready')
}
