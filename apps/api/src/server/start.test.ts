import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { afterAll, expect, inject, onTestFinished, test } from 'vitest'

const MAIN = new URL('../main.ts', import.meta.url).pathname
const { url } = await createTestDatabase()
const dataDir = await mkdtemp(join(tmpdir(), 'roster-start-'))
afterAll(() => rm(dataDir, { recursive: true }))

/** Starts the server process; returns its output and its exit code. */
function run(env: Record<string, string>) {
  const program = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, DATABASE_URL: url, PORT: '0', ...env },
  })
  const output = { out: '', log: '' }
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text
  })
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.log += text
  })
  const exit = once(program, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    program.kill('SIGKILL')
    await exit
  })
  return { program, output, exit }
}

test.each([
  [
    'an invalid setting',
    { PORT: 'http' },
    'PORT is not valid: set it to a whole number from 0 to 65535 (0 picks a free port).\n',
  ],
  [
    'an address of another machine',
    { HOST: '198.51.100.7', PORT: '3999' },
    '198.51.100.7:3999 is not an address of this machine. Set HOST to one of its addresses.\n',
  ],
  [
    'an unreachable database',
    { DATABASE_URL: 'postgresql://me:geheim@127.0.0.1:1/x' },
    "Can't connect to the database of DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1\n",
  ],
])('%s stops the start with one sentence', async (_name, env, sentence) => {
  const { output, exit } = run({ LOG_LEVEL: 'silent', ...env })
  expect(await exit).toBe(1)
  expect(output).toEqual({ out: '', log: sentence })
})

test('a port in use stops the start with one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const { output, exit } = run({ PORT: String(port) })
  expect(await exit).toBe(1)
  expect(output.log.split('\n').at(-2)).toBe(
    `127.0.0.1:${port} is already in use. Stop the program that uses it, or set PORT to another port.`,
  )
})

test('without users, each start prints a new setup code and writes it to a private file, but not to the log', async () => {
  const codes: string[] = []
  for (const _start of [1, 2]) {
    const { program, output, exit } = run({ LOG_LEVEL: 'trace' })
    await expect.poll(() => output.out).toMatch(/setup code: \S+ /u)
    const [, address, code] = /(http:\S+)\/setup#(\S+)/u.exec(output.out) ?? []
    const file = join(dataDir, 'setup-code')
    expect(await readFile(file, 'utf8')).toBe(`${code}\n`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(code ?? '', 'base64url').length * 8).toBe(128)
    expect(await (await fetch(`${address}/trpc/setup.status`)).json()).toMatchObject({
      result: { data: { setUp: false } },
    })
    program.kill('SIGINT')
    expect(await exit).toBe(0)
    expect(output.log).toContain('"ready"')
    expect(output.log).not.toContain(code)
    codes.push(code ?? '')
  }
  expect(codes[0]).not.toBe(codes[1])
})

test('removes the setup code file once the first user exists', async () => {
  const { output } = run({})
  await expect.poll(() => output.out).toMatch(/setup code: \S+ /u)
  const [, address = '', code] = /(http:\S+)\/setup#(\S+)/u.exec(output.out) ?? []
  const headers = { origin: address, 'content-type': 'application/json' }
  const body = JSON.stringify({ code, organizationName: 'Acme', username: 'ada', password: 'a long enough one' })
  expect((await fetch(`${address}/trpc/setup.run`, { method: 'POST', headers, body })).status).toBe(200)
  await expect.poll(() => readdir(dataDir)).not.toContain('setup-code')
})

test('a database user without the right to create tables stops the start with one sentence', async () => {
  const { adminUrl } = inject('testServer')
  const { pool, close } = connect({ url: adminUrl })
  onTestFinished(close)
  const [role, database] = [`guest_${Date.now()}`, `guests_${Date.now()}`]
  await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
  await pool.query(`CREATE DATABASE ${database}`)
  onTestFinished(() =>
    pool
      .query(`DROP DATABASE ${database}`)
      .then(() => pool.query(`DROP ROLE ${role}`))
      .then(() => undefined),
  )
  const guest = new URL(adminUrl)
  Object.assign(guest, { username: role, password: 'x', pathname: `/${database}` })
  const { output, exit } = run({ LOG_LEVEL: 'silent', DATABASE_URL: guest.href })
  expect(await exit).toBe(1)
  expect(output.log).toMatch(
    /^The user of DATABASE_URL .* can't create Roster's tables: .*permission denied for schema public\. Make this user the owner of the database\.\n$/u,
  )
})

test('another time zone of a pooler’s connections stops the start with one sentence', async () => {
  const { output, exit } = run({ LOG_LEVEL: 'silent', DATABASE_URL: `${url}&keepalives=1`, DATABASE_DIRECT_URL: url })
  expect(await exit).toBe(1)
  expect(output.log).toBe(
    `The connections of DATABASE_URL have the time zone Asia/Kolkata; Roster needs UTC. Run: ALTER ROLE "roster" SET timezone = 'UTC'; and let the pooler reconnect.\n`,
  )
})

test('a signal during the start stops the server once it has started', async () => {
  const { program, output, exit } = run({})
  await expect.poll(() => output.log, { interval: 1 }).toContain('listening')
  program.kill('SIGTERM')
  expect(await exit).toBe(0)
})
