import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = resolve(import.meta.dirname, '../../../apps/api/src/main.ts')

/** A real server on a given database, as `npm start` runs it. */
export interface RosterServer {
  url: string
  /** The setup code of this start; empty once the instance has a user. */
  code: string
  stop(): Promise<void>
}

/** Starts a server and waits until it is ready. `port` 0: any free one. */
export async function startRoster(databaseUrl: string, port = 0): Promise<RosterServer> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-client-'))
  const program = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await printed(program)
  return {
    url,
    code: await readFile(join(folder, 'setup-code'), 'utf8').then(
      (text) => text.trim(),
      () => '',
    ),
    async stop() {
      if (program.exitCode === null) {
        const ended = once(program, 'exit')
        program.kill('SIGTERM')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function printed(program: ChildProcess): Promise<string> {
  if (!program.stdout) throw new Error('the server has no output')
  for await (const line of createInterface({ input: program.stdout })) {
    const url = /^Roster runs at (\S+)$/u.exec(line)?.[1]
    if (url === undefined) continue
    // Later output must not fill the pipe.
    program.stdout.resume()
    return url
  }
  throw new Error('the server ended before it was ready')
}
