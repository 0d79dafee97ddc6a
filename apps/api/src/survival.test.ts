import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Each starts several servers, which may take long on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Program = ChildProcessByStdio<null, Readable, Readable>

/** A running server: its process, its address, and the setup code it printed, if any. */
interface Node {
  program: Program
  address: string
  code: string | undefined
}

const MAIN = new URL('./main.ts', import.meta.url).pathname
let folder = ''
let dataDir = ''
const programs: Program[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-survival-'))
  // What mkdtemp makes is closed to the account that PostgreSQL runs under when we are root.
  await chmod(folder, 0o755)
  dataDir = join(folder, 'data')
})

afterEach(async () => {
  await Promise.all(programs.splice(0).map(end))
  // What a failed test left running is taken over by a start, and stopped by its end.
  if ((await postgresPid()) !== undefined) await end((await start()).program)
  programs.length = 0
  await rm(folder, { recursive: true, force: true })
})

async function end(program: Program): Promise<void> {
  if (hasEnded(program)) return
  program.kill('SIGTERM')
  await once(program, 'exit')
}

const hasEnded = (program: Program): boolean => program.exitCode !== null || program.signalCode !== null

function launch(): Program {
  const program = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  programs.push(program)
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

/** The first line of PostgreSQL's own pid file; undefined when it was stopped clean. */
async function postgresPid(): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

async function isSetUp(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/trpc/setup.status`)
  const body = (await answer.json()) as { result: { data: { setUp: boolean } } }
  return body.result.data.setUp
}

/** Sets up the first administrator and gives the cookie of their session. */
async function setUp({ address, code }: Node): Promise<string> {
  const answer = await fetch(`${address}/trpc/setup.run`, {
    method: 'POST',
    headers: { origin: address, 'content-type': 'application/json' },
    body: JSON.stringify({ code, organizationName: 'Acme', username: 'ada', password: 'correct horse battery' }),
  })
  expect(answer.status).toBe(200)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

const statusOf = async (address: string, path: string, cookie = ''): Promise<number> => (await fetch(address + path, { headers: { cookie } })).status
const ME = '/trpc/session.me'

test('the database is killed: calls are answered with 503, nobody is let in, and then it goes on by itself', async () => {
  const node = await start()
  const cookie = await setUp(node)
  expect(await statusOf(node.address, ME, cookie)).toBe(200)
  expect(await statusOf(node.address, ME, 'roster=wrong')).toBe(401)

  const pid = (await postgresPid()) ?? 0
  process.kill(pid, 'SIGKILL')
  const seen = new Set<number>()
  const strangers = new Set<number>()
  await expect
    .poll(
      async () => {
        seen.add(await statusOf(node.address, ME, cookie))
        strangers.add(await statusOf(node.address, ME, 'roster=wrong'))
        return seen.has(503) && (await statusOf(node.address, ME, cookie)) === 200
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true)
  expect([...seen].filter((status) => ![200, 503].includes(status))).toEqual([])
  expect([...strangers].filter((status) => ![401, 503].includes(status))).toEqual([])
  await expect.poll(() => statusOf(node.address, '/readyz'), { timeout: 60_000 }).toBe(200)
  expect(await statusOf(node.address, '/healthz')).toBe(200)
})

test('the server is killed: the next start needs no help, and sessions go on', async () => {
  const first = await start()
  const cookie = await setUp(first)
  await kill(first.program)
  const second = await start()
  expect(second.code).toBeUndefined()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('server and database are killed: the next start needs no help, and sessions go on', async () => {
  const first = await start()
  const cookie = await setUp(first)
  const pid = (await postgresPid()) ?? 0
  first.program.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await once(first.program, 'exit')
  const second = await start()
  expect(await statusOf(second.address, ME, cookie)).toBe(200)
})

test('a second server on the same data folder says so and stops, and the first goes on', async () => {
  const first = await start()
  const second = launch()
  let complaint = ''
  second.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  expect(await once(second, 'close')).toEqual([1, null])
  expect(complaint).toBe(
    `Another Roster is already running on the data folder ${dataDir} (process ${first.program.pid}). Stop it first, or give this one a DATA_DIR of its own.\n`,
  )
  expect(await statusOf(first.address, '/readyz')).toBe(200)
})

test('a server that is told to stop answers what it has begun, and leaves nothing running', async () => {
  const node = await start()
  // Verifying a password takes long enough to be under way when the signal comes.
  const answers = Promise.all(
    [1, 2, 3].map(() =>
      fetch(`${node.address}/trpc/session.signIn`, {
        method: 'POST',
        headers: { origin: node.address, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'nobody', password: 'whatever it may be' }),
      }).then(({ status }) => status),
    ),
  )
  await expect.poll(() => statusOf(node.address, '/healthz'), { timeout: 60_000 }).toBe(200)
  node.program.kill('SIGTERM')
  expect(await once(node.program, 'exit')).toEqual([0, null])
  expect(await answers).toEqual([401, 401, 401])
  expect(await postgresPid()).toBeUndefined()
})
