import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect } from 'vitest'

/** The server as a process of its own. */
export type Program = ChildProcessByStdio<null, Readable, Readable>

/** A running server: its process, its address, and the setup code it printed, if any. */
export interface Node {
  program: Program
  address: string
  code: string | undefined
}

/** Servers on one data folder, which each test has for itself. */
export interface Programs {
  dataDir: () => string
  /** Begin to start a server. */
  launch: () => Program
  /** Start a server, and wait until it serves. */
  start: () => Promise<Node>
  kill: (program: Program) => Promise<void>
  /** The first line of PostgreSQL's own pid file; undefined when it was stopped clean. */
  postgresPid: () => Promise<number | undefined>
}

const MAIN = new URL('../main.ts', import.meta.url).pathname
const hasEnded = (program: Program): boolean => program.exitCode !== null || program.signalCode !== null

async function end(program: Program): Promise<void> {
  if (hasEnded(program)) return
  program.kill('SIGTERM')
  await once(program, 'exit')
}

/** Programs of a test file: to be called at its top. */
export function programs(): Programs {
  let folder = ''
  const dataDir = () => join(folder, 'data')
  const running: Program[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roster-survival-'))
    // What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
    await chmod(folder, 0o755)
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map(end))
    // What a failed test left running is taken over by a start, and stopped by its end.
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
    let complaint = ''
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    const told: { address?: string; code?: string } = {}
    for await (const line of createInterface(program.stdout)) {
      const address = /^Roster runs at (\S+)$/u.exec(line)?.[1]
      if (address !== undefined) {
        told.address = address
        // A setup code, where there is one, comes with the next lines, which are written at once.
        if (await isSetUp(address)) break
      }
      const code = /setup code: (\S+)/u.exec(line)?.[1]
      if (code !== undefined) {
        told.code = code
        break
      }
    }
    if (told.address === undefined) throw new Error(`The server did not start: ${complaint}`)
    program.stdout.resume()
    return { program, address: told.address, code: told.code }
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

/** Make a call that changes something, as a page of the server does. */
export function post(address: string, procedure: string, input: unknown, cookie = ''): Promise<Response> {
  return fetch(`${address}/trpc/${procedure}`, {
    method: 'POST',
    headers: { origin: address, cookie, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
}

/** The first administrator's password. */
export const PASSWORD = 'correct horse battery'

/** Set up the first administrator, `ada`; gives the cookie of their session. */
export async function setUp({ address, code }: Node): Promise<string> {
  const answer = await post(address, 'setup.run', { code, organizationName: 'Acme', username: 'ada', password: PASSWORD })
  expect(answer.status).toBe(200)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}
