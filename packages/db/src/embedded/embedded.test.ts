import { type ChildProcess, type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { withClient } from '../client/connection.ts'
import { DataFolderInUse, type Embedded, joinEmbedded, startEmbedded } from './embedded.ts'
import { boundLog } from './log.ts'
import { isPostgresOn, readPostmaster, stopOrphan } from './postmaster.ts'

let template: string
let folder: string
let dataDir: string
const logged: string[] = []
const running: Embedded[] = []
const owners: ChildProcess[] = []

/** Creates a folder that others can enter. As root, PostgreSQL's account can't enter one from mkdtemp. */
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-embedded-'))
  await chmod(folder, 0o755)
  return folder
}

beforeAll(async () => {
  template = await createFolder()
  const server = await startEmbedded({ dataDir: join(template, 'data'), log: () => undefined })
  await server.stop()
})
afterAll(() => rm(template, { recursive: true }))

// Most tests start with a copy of one cluster, which is faster than creating one each.
beforeEach(async () => {
  folder = await createFolder()
  dataDir = join(folder, 'data')
  await promisify(execFile)('cp', ['-a', join(template, 'data'), dataDir])
  logged.length = 0
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
  const server = await startEmbedded({ dataDir, log: (line) => logged.push(line) })
  running.push(server)
  return server
}

/** Spawns another process, in its own process group, that starts PostgreSQL on the data folder and then runs `body`. */
function spawnOwner(body: string): ChildProcessByStdio<null, Readable, null> {
  const code = `const { startEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
    const print = (line) => process.stdout.write(line + '\\n')
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined })
    setInterval(() => undefined, 1000)
    ${body}`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  owners.push(owner)
  return owner
}

function nextLine(owner: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return new Promise((resolve) => createInterface(owner.stdout).once('line', resolve))
}

async function startOwner(
  body = 'print(server.url)',
): Promise<{ owner: ChildProcessByStdio<null, Readable, null>; line: string }> {
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

const isRunning = (pid: number): Promise<boolean> => isPostgresOn(pid, join(dataDir, 'postgres', 'data'))

test('keeps its data, and restarts within seconds', async () => {
  const first = await start()
  await query(first.url, "CREATE TABLE saved AS SELECT 'Zoë' AS name")
  await first.stop()
  const started = performance.now()
  const second = await start()
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(await query(second.url, 'SELECT name FROM saved')).toEqual([{ name: 'Zoë' }])
})

test('uses UTF-8 and a locale-independent order, and requires a password', async () => {
  const server = await start()
  const [row] = await query(
    server.url,
    `SELECT current_user, current_setting('server_encoding') AS encoding, datlocprovider AS provider, datlocale AS locale,
    current_setting('fsync') AS fsync, current_setting('password_encryption') AS encryption FROM pg_database WHERE datname = current_database()`,
  )
  expect(row).toEqual({
    current_user: 'roster',
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
    fsync: 'on',
    encryption: 'scram-sha-256',
  })
  await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
    /password authentication failed/,
  )
})

test('the role of Roster is not a superuser', async () => {
  const server = await start()
  await expect(query(server.url, "COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow(/permission denied/)
  expect(await query(server.adminUrl, 'SELECT current_user')).toEqual([{ current_user: 'postgres' }])
})

test('other accounts of the machine can’t read its passwords, data or socket', async () => {
  await start()
  const modes = await Promise.all(
    ['password', 'superuser-password', 'data', 'run'].map(
      async (name) => (await stat(join(dataDir, 'postgres', name))).mode & 0o777,
    ),
  )
  expect(modes).toEqual([0o600, 0o600, 0o700, 0o700])
  expect((await stat(dataDir)).mode & 0o007).toBe(0)
  expect(await readdir(join(dataDir, 'postgres', 'run'))).not.toContain('initdb-password')
})

test('refuses a second process on the same data folder, and names the first', async () => {
  const { owner, line } = await startOwner()
  await expect(start()).rejects.toThrow(DataFolderInUse)
  await expect(start()).rejects.toThrow(`process ${owner.pid}`)
  expect(await query(line, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('refuses a second start in the same process', async () => {
  await start()
  await expect(start()).rejects.toThrow(DataFolderInUse)
})

test('a command beside the server uses its PostgreSQL, and leaves it running', async () => {
  const server = await start()
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  expect(joined.url).toBe(server.url)
  await joined.stop()
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a command without a server starts a PostgreSQL, and stops it', async () => {
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  const pid = await postgresPid()
  await joined.stop()
  expect(await isRunning(pid)).toBe(false)
})

test('a killed PostgreSQL restarts at the same address with all committed data', async () => {
  const server = await start()
  await query(server.url, 'CREATE TABLE saved AS SELECT 1 AS one')
  const killed = await postgresPid()
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => query(server.url, 'SELECT one FROM saved').catch(() => undefined)).toEqual([{ one: 1 }])
  expect(await postgresPid()).not.toBe(killed)
  await expect
    .poll(() => logged)
    .toEqual([expect.stringContaining('ended unexpectedly (SIGKILL)'), 'PostgreSQL is running again.'])
})

test('a PostgreSQL that is killed during writes loses no committed row', async () => {
  const server = await start()
  await query(server.url, 'CREATE TABLE saved (writer int, n int)')
  const committed = new Array<number>(4).fill(0)
  const writers = committed.map(async (_, writer) =>
    withClient(server.url, async (client) => {
      for (let n = 1; ; n++) {
        await client.query('INSERT INTO saved VALUES ($1, $2)', [writer, n])
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
  const rows = await query(
    server.url,
    'SELECT writer, max(n) AS last, count(*)::int AS rows FROM saved GROUP BY writer ORDER BY writer',
  )
  rows.forEach((row, writer) => {
    // The last row may be committed although its writer got no answer.
    expect([committed[writer], (committed[writer] ?? 0) + 1]).toContain((row as { last: number }).last)
    expect((row as { last: number; rows: number }).rows).toBe((row as { last: number }).last)
  })
})

test('a start after the owner was killed takes over, and keeps the data', async () => {
  const { owner, line } = await startOwner()
  await query(line, 'CREATE TABLE saved AS SELECT 1 AS one')
  const orphan = await postgresPid()
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(await isRunning(orphan)).toBe(true)
  const server = await start()
  expect(await postgresPid()).not.toBe(orphan)
  expect(await isRunning(orphan)).toBe(false)
  expect(logged).toEqual([expect.stringContaining('left its PostgreSQL running')])
  expect(await query(server.url, 'SELECT one FROM saved')).toEqual([{ one: 1 }])
})

test('starts after the owner and PostgreSQL were killed', async () => {
  const { owner, line } = await startOwner()
  await query(line, 'CREATE TABLE saved AS SELECT 1 AS one')
  // Listens before the kill: the process may exit before the next await.
  const ended = once(owner, 'exit')
  owner.kill('SIGKILL')
  process.kill(await postgresPid(), 'SIGKILL')
  await ended
  const server = await start()
  expect(await query(server.url, 'SELECT one FROM saved')).toEqual([{ one: 1 }])
})

test('starts after a first start that was killed', async () => {
  await rm(dataDir, { recursive: true })
  const owner = spawnOwner('')
  // It has begun to create the database, and needs longer for that than for anything else.
  await expect
    .poll(() => readdir(join(dataDir, 'postgres')).catch(() => []), { interval: 5 })
    .toContainEqual(expect.stringMatching(/\.new$/u))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  const server = await start()
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect((await readdir(join(dataDir, 'postgres'))).filter((name) => name.endsWith('.new'))).toEqual([])
})

test('starts although another process has the id of a dead PostgreSQL', async () => {
  const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid')
  await writeFile(pidFile, `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1700000000\n5432\n\n\n\nready\n`)
  const server = await start()
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('Ctrl-C in a terminal reaches only Roster, which can finish its work on the database', async () => {
  const { owner, line } = await startOwner(`
    const { default: pg } = await import(${JSON.stringify(createRequire(import.meta.url).resolve('pg'))})
    process.once('SIGINT', async () => {
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      const { rows } = await client.query("SELECT 'drained' AS word, pg_sleep(0.3)")
      await client.end()
      await server.stop()
      print(rows[0].word)
      process.exit(0)
    })
    print('ready')`)
  expect(line).toBe('ready')
  const pid = await postgresPid()
  // A terminal sends the signal to the whole group.
  process.kill(-(owner.pid ?? 0), 'SIGINT')
  expect(await nextLine(owner)).toBe('drained')
  expect(await isRunning(pid)).toBe(false)
})

test('a process that exits without stopping its PostgreSQL leaves none running', async () => {
  const { line: pid } = await startOwner(`
    const { readFileSync } = await import('node:fs')
    print(readFileSync(${JSON.stringify(join(dataDir, 'postgres', 'data', 'postmaster.pid'))}, 'utf8').split('\\n')[0])
    setTimeout(() => { process.exit(1) }, 100)`)
  await expect.poll(() => isRunning(Number(pid))).toBe(false)
})

test('listens on 127.0.0.1 only when the socket path is too long', async () => {
  const long = join(folder, 'a-long-name-'.repeat(8))
  await rename(dataDir, long)
  dataDir = long
  const server = await start()
  expect(new URL(server.url).hostname).toBe('127.0.0.1')
  expect(await query(server.url, "SELECT current_setting('listen_addresses') AS listening")).toEqual([
    { listening: '127.0.0.1' },
  ])
  const joined = await joinEmbedded({ dataDir, log: () => undefined })
  expect(joined.url).toBe(server.url)
})

test.runIf(process.getuid?.() === 0)(
  'as root, stores the database elsewhere when PostgreSQL can’t enter the data folder, and logs that once',
  async () => {
    await chmod(folder, 0o700)
    const server = await start()
    const base = (await readFile(join(dataDir, 'postgres', 'place'), 'utf8')).trim()
    expect(logged).toEqual([expect.stringContaining(base)])
    await query(server.url, 'CREATE TABLE saved AS SELECT 1 AS one')
    await server.stop()
    const again = await start()
    expect(await query(again.url, 'SELECT one FROM saved')).toEqual([{ one: 1 }])
    expect(logged).toHaveLength(1)
    await again.stop()
    await rm(base, { recursive: true })
    await rm(dataDir, { recursive: true })
  },
)

test('limits the size of PostgreSQL’s log', async () => {
  const log = join(folder, 'postgres.log')
  await writeFile(log, 'x'.repeat(5_000_001))
  await boundLog(log)
  expect((await stat(log)).size).toBe(0)
  expect((await stat(`${log}.1`)).size).toBe(5_000_001)
})

test('reports a failed start with the end of PostgreSQL’s log', async () => {
  await expect(
    startEmbedded({ dataDir, log: () => undefined, settings: { shared_buffers: 'plenty' } }),
  ).rejects.toThrow(/invalid value for parameter "shared_buffers"/)
})
