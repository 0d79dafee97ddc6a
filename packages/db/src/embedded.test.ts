import { type ChildProcess, type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { withClient } from './connection.ts'
import { boundLog } from './embedded/log.ts'
import { readPostmaster, serves, stopOrphan } from './embedded/postmaster.ts'
import { DataFolderInUse, type Embedded, joinEmbedded, startEmbedded } from './embedded.ts'

let made: string
let folder: string
let dataDir: string
const said: string[] = []
const running: Embedded[] = []
const owners: ChildProcess[] = []

/** A folder that others may enter: what mkdtemp makes is closed to the account that PostgreSQL runs under when we are root. */
async function createFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'roster-embedded-'))
  await chmod(made, 0o755)
  return made
}

beforeAll(async () => {
  made = await createFolder()
  const server = await startEmbedded({ dataDir: join(made, 'data'), log: () => undefined })
  await server.stop()
})
afterAll(() => rm(made, { recursive: true }))

// Most tests begin with a copy of one cluster, which is quicker than making one each.
beforeEach(async () => {
  folder = await createFolder()
  dataDir = join(folder, 'data')
  await promisify(execFile)('cp', ['-a', join(made, 'data'), dataDir])
  said.length = 0
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
  for (const owner of owners.splice(0)) {
    if (owner.exitCode !== null || owner.signalCode !== null) continue
    owner.kill('SIGKILL')
    await once(owner, 'exit')
  }
  await stopOrphan(join(dataDir, 'postgres', 'data'), () => undefined)
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, log: (line) => said.push(line) })
  running.push(server)
  return server
}

/** Another process, in a process group of its own, that starts on the data folder and then does what `body` says. */
function spawnOwner(body: string): ChildProcessByStdio<null, Readable, null> {
  const code = `const { startEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
    const say = (line) => process.stdout.write(line + '\\n')
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined })
    setInterval(() => undefined, 1000)
    ${body}`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  owners.push(owner)
  return owner
}

function nextLine(owner: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve) => createInterface(owner.stdout).once('line', resolve))
}

async function startOwner(body = 'say(server.url)'): Promise<{ owner: ChildProcessByStdio<null, Readable, null>; line: string }> {
  const owner = spawnOwner(body)
  return { owner, line: await nextLine(owner) }
}

function query(url: string, sql: string): Promise<unknown[]> {
  return withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)
}

async function postgresPid(): Promise<number> {
  const postmaster = await readPostmaster(join(dataDir, 'postgres', 'data'))
  if (postmaster === undefined) throw new Error('No PostgreSQL is running.')
  return postmaster.pid
}

const lives = (pid: number): Promise<boolean> => serves(pid, join(dataDir, 'postgres', 'data'))

test('it keeps what was written, and is back at once when started again', async () => {
  const first = await start()
  await query(first.url, "CREATE TABLE kept AS SELECT 'Zoë' AS name")
  await first.stop()
  const started = performance.now()
  const second = await start()
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(await query(second.url, 'SELECT name FROM kept')).toEqual([{ name: 'Zoë' }])
})

test('it speaks UTF-8, means the same order everywhere, and asks for a password', async () => {
  const server = await start()
  const [row] = await query(
    server.url,
    `SELECT current_user, current_setting('server_encoding') AS encoding, datlocprovider AS provider, datlocale AS locale,
    current_setting('fsync') AS fsync, current_setting('password_encryption') AS encryption FROM pg_database WHERE datname = current_database()`,
  )
  expect(row).toEqual({ current_user: 'roster', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', fsync: 'on', encryption: 'scram-sha-256' })
  await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/)
})

test('what Roster works as is no superuser', async () => {
  const server = await start()
  await expect(query(server.url, "COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow(/permission denied/)
  expect(await query(server.adminUrl, 'SELECT current_user')).toEqual([{ current_user: 'postgres' }])
})

test('nobody else on the machine can read its passwords, data or socket', async () => {
  await start()
  const modes = await Promise.all(
    ['password', 'superuser-password', 'data', 'run'].map(async (name) => (await stat(join(dataDir, 'postgres', name))).mode & 0o777),
  )
  expect(modes).toEqual([0o600, 0o600, 0o700, 0o700])
  expect((await stat(dataDir)).mode & 0o007).toBe(0)
  expect(await readdir(join(dataDir, 'postgres', 'run'))).not.toContain('initdb-password')
})

test('a second process on the same data folder is told so, by name, and changes nothing', async () => {
  const { owner, line } = await startOwner()
  await expect(start()).rejects.toThrow(DataFolderInUse)
  await expect(start()).rejects.toThrow(`process ${owner.pid}`)
  expect(await query(line, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a second start within one process is refused as well', async () => {
  await start()
  await expect(start()).rejects.toThrow(DataFolderInUse)
})

test('a command beside the server uses its PostgreSQL and leaves it running', async () => {
  const server = await start()
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  expect(joined.url).toBe(server.url)
  await joined.stop()
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a command without a server runs a PostgreSQL of its own, and stops it', async () => {
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  const pid = await postgresPid()
  await joined.stop()
  expect(await lives(pid)).toBe(false)
})

test('a PostgreSQL that is killed runs again within moments, at the same address, with all that was committed', async () => {
  const server = await start()
  await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS one')
  const killed = await postgresPid()
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => query(server.url, 'SELECT one FROM kept').catch(() => undefined)).toEqual([{ one: 1 }])
  expect(await postgresPid()).not.toBe(killed)
  await expect.poll(() => said).toEqual([expect.stringContaining('ended unexpectedly (SIGKILL)'), 'PostgreSQL runs again.'])
})

test('a PostgreSQL that is killed while many write to it loses nothing that was committed', async () => {
  const server = await start()
  await query(server.url, 'CREATE TABLE kept (writer int, n int)')
  const committed = new Array<number>(4).fill(0)
  const writers = committed.map(async (_, writer) =>
    withClient(server.url, async (client) => {
      for (let n = 1; ; n++) {
        await client.query('INSERT INTO kept VALUES ($1, $2)', [writer, n])
        committed[writer] = n
      }
    }).catch(() => undefined),
  )
  await expect.poll(() => Math.min(...committed)).toBeGreaterThan(5)
  process.kill(await postgresPid(), 'SIGKILL')
  await Promise.all(writers)
  await expect
    .poll(
      () =>
        query(server.url, 'SELECT 1').then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true)
  const rows = await query(server.url, 'SELECT writer, max(n) AS last, count(*)::int AS rows FROM kept GROUP BY writer ORDER BY writer')
  rows.forEach((row, writer) => {
    // The last one may have been committed without anybody having heard of it.
    expect([committed[writer], (committed[writer] ?? 0) + 1]).toContain((row as { last: number }).last)
    expect((row as { last: number; rows: number }).rows).toBe((row as { last: number }).last)
  })
})

test('a start after the owner was killed takes over, and keeps what it wrote', async () => {
  const { owner, line } = await startOwner()
  await query(line, 'CREATE TABLE kept AS SELECT 1 AS one')
  const orphan = await postgresPid()
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(await lives(orphan)).toBe(true)
  const server = await start()
  expect(await postgresPid()).not.toBe(orphan)
  expect(await lives(orphan)).toBe(false)
  expect(said).toEqual([expect.stringContaining('left running')])
  expect(await query(server.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
})

test('a start after both were killed needs no help', async () => {
  const { owner, line } = await startOwner()
  await query(line, 'CREATE TABLE kept AS SELECT 1 AS one')
  // Listened for before anything else is waited for: it may be over by then.
  const ended = once(owner, 'exit')
  owner.kill('SIGKILL')
  process.kill(await postgresPid(), 'SIGKILL')
  await ended
  const server = await start()
  expect(await query(server.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
})

test('a first start that is killed at any moment leaves nothing that stands in the way of the next', async () => {
  for (const delay of [200, 500, 800]) {
    await rm(dataDir, { recursive: true })
    const owner = spawnOwner('')
    await sleep(delay)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const server = await start()
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await readdir(join(dataDir, 'postgres'))).filter((name) => name.endsWith('.new'))).toEqual([])
    await server.stop()
  }
})

test('a process that was given the number of a dead PostgreSQL does not stand in the way', async () => {
  const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid')
  await writeFile(pidFile, `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1700000000\n5432\n\n\n\nready\n`)
  const server = await start()
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('Ctrl-C in a terminal reaches Roster alone, which can finish its work on the database', async () => {
  const { owner, line } = await startOwner(`
    const { default: pg } = await import(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))})
    process.once('SIGINT', async () => {
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      const { rows } = await client.query("SELECT 'drained' AS word, pg_sleep(0.3)")
      await client.end()
      await server.stop()
      say(rows[0].word)
      process.exit(0)
    })
    say('ready')`)
  expect(line).toBe('ready')
  const pid = await postgresPid()
  // A terminal sends the signal to the whole group.
  process.kill(-(owner.pid ?? 0), 'SIGINT')
  expect(await nextLine(owner)).toBe('drained')
  expect(await lives(pid)).toBe(false)
})

test('a process that ends without stopping its PostgreSQL leaves none behind', async () => {
  const { line: pid } = await startOwner(`
    const { readFileSync } = await import('node:fs')
    say(readFileSync(${JSON.stringify(join(dataDir, 'postgres', 'data', 'postmaster.pid'))}, 'utf8').split('\\n')[0])
    setTimeout(() => { process.exit(1) }, 100)`)
  await expect.poll(() => lives(Number(pid))).toBe(false)
})

test('where the path of the socket would be too long, it listens on 127.0.0.1 only', async () => {
  const long = join(folder, 'a-long-name-'.repeat(8))
  await rename(dataDir, long)
  dataDir = long
  const server = await start()
  expect(new URL(server.url).hostname).toBe('127.0.0.1')
  expect(await query(server.url, "SELECT current_setting('listen_addresses') AS listening")).toEqual([{ listening: '127.0.0.1' }])
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  expect(joined.url).toBe(server.url)
})

test.runIf(process.getuid?.() === 0)(
  'as root, where the account of PostgreSQL can not enter the data folder, the database lies elsewhere, which is said once',
  async () => {
    await chmod(folder, 0o700)
    const server = await start()
    const place = (await readFile(join(dataDir, 'postgres', 'place'), 'utf8')).trim()
    expect(said).toEqual([expect.stringContaining(place)])
    await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS one')
    await server.stop()
    const again = await start()
    expect(await query(again.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    expect(said).toHaveLength(1)
    await again.stop()
    await rm(place, { recursive: true })
    await rm(dataDir, { recursive: true })
  },
)

test('the log of PostgreSQL stays bounded', async () => {
  const log = join(folder, 'postgres.log')
  await writeFile(log, 'x'.repeat(5_000_001))
  await boundLog(log)
  expect((await stat(log)).size).toBe(0)
  expect((await stat(`${log}.1`)).size).toBe(5_000_001)
})

test('what stops PostgreSQL from starting is said with the end of its log', async () => {
  await expect(startEmbedded({ dataDir, log: () => undefined, settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
    /invalid value for parameter "shared_buffers"/,
  )
})
