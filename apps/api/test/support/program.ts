import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect } from 'vitest'

/** A server process. */
export type Program = ChildProcessByStdio<null, Readable, Readable>

/** A running server: its process, its address, and the setup code that it printed. */
export interface Node {
  program: Program
  address: string
  code: string | undefined
}

/** Starts servers on one data folder per test. */
export interface Programs {
  dataDir: () => string
  /** Starts a server without waiting. */
  launch: () => Program
  /** Starts a server and waits until it serves. */
  start: () => Promise<Node>
  kill: (program: Program) => Promise<void>
  /** The process id in PostgreSQL's pid file; undefined after a clean shutdown. */
  postgresPid: () => Promise<number | undefined>
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname
const hasEnded = (program: Program): boolean => program.exitCode !== null || program.signalCode !== null

async function end(program: Program): Promise<void> {
  if (hasEnded(program)) return
  program.kill('SIGTERM')
  await once(program, 'exit')
}

/** Server processes for a test file. Call it at the top. */
export function programs(): Programs {
  let folder = ''
  const dataDir = () => join(folder, 'data')
  const running: Program[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roster-crash-'))
    // When root runs the tests, PostgreSQL runs under another account, which must be able to enter the folder.
    await chmod(folder, 0o755)
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map(end))
    // A failed test may leave PostgreSQL running: a new server takes it over and stops it.
    if ((await postgresPid()) !== undefined) await end((await start()).program)
    running.length = 0
    await rm(folder, { recursive: true, force: true })
  })

  function launch(): Program {
    const program = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir(), PORT: '0', LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.push(program)
    return program
  }

  async function start(): Promise<Node> {
    const program = launch()
    let errors = ''
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const printed: { address?: string; code?: string } = {}
    for await (const line of createInterface(program.stdout)) {
      const address = /^Roster runs at (\S+)$/u.exec(line)?.[1]
      if (address !== undefined) {
        printed.address = address
        // The setup code, if any, follows in the next lines.
        if (await isSetUp(address)) break
      }
      const code = /setup code: (\S+)/u.exec(line)?.[1]
      if (code !== undefined) {
        printed.code = code
        break
      }
    }
    if (printed.address === undefined) throw new Error(`The server did not start: ${errors}`)
    program.stdout.resume()
    return { program, address: printed.address, code: printed.code }
  }

  async function kill(program: Program): Promise<void> {
    program.kill('SIGKILL')
    await once(program, 'exit')
  }

  async function postgresPid(): Promise<number | undefined> {
    const text = await readFile(join(dataDir(), 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : Number.parseInt(text, 10)
  }

  return { dataDir, launch, start, kill, postgresPid }
}

async function isSetUp(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/trpc/setup.status`)
  const body = (await answer.json()) as { result: { data: { setUp: boolean } } }
  return body.result.data.setUp
}

/** Calls a mutation with the headers of the server's own page. */
export function post(address: string, procedure: string, input: unknown, cookie = ''): Promise<Response> {
  return fetch(`${address}/trpc/${procedure}`, {
    method: 'POST',
    headers: { origin: address, cookie, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
}

/** The first administrator's password. */
export const PASSWORD = 'correct horse battery'

/** Sets up the first administrator, `ada`; returns the cookie of their session. */
export async function setUp({ address, code }: Node): Promise<string> {
  const answer = await post(address, 'setup.run', {
    code,
    organizationName: 'Acme',
    username: 'ada',
    password: PASSWORD,
  })
  expect(answer.status).toBe(200)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}
