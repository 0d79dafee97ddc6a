import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { insertUser, openSession } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { type Env, readEnv } from './env.ts'
import { createLog } from './log.ts'
import { type RunningServer, startServer } from './server.ts'
import { hashToken } from './session/adapter.ts'
import { lucia } from './session/lucia.ts'

const { url } = await createTestDatabase()

async function start(env: Partial<Env> = {}): Promise<RunningServer> {
  const server = await startServer({ ...readEnv({ PORT: '0', DATABASE_URL: url }), ...env }, { log: createLog('silent') })
  onTestFinished(() => server.stop())
  return server
}

/** The database behind a wire that can go silent. */
async function silencedDatabase() {
  const target = new URL(url)
  const folder = target.searchParams.get('host')
  const port = Number(target.port || 5432)
  const sockets = new Set<Socket>()
  let silent = false
  const wire = createServer((near) => {
    const far = folder ? dial(`${folder}/.s.PGSQL.${port}`) : dial(port, target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => silent || to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(wire, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    wire.close()
  })
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((wire.address() as AddressInfo).port)
  return {
    url: target.href,
    silence: () => {
      silent = true
    },
    restore: () => {
      silent = false
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Somebody with a session: the cookie of their browser. */
async function cookieFor({ services }: RunningServer, username: string): Promise<string> {
  const { prisma } = services.db
  const organizationId = randomUUIDv7()
  const userId = randomUUIDv7()
  const token = `token-of-${username}`
  const end = new Date(Date.now() + 3_600_000)
  await prisma.organization.create({ data: { id: organizationId, name: username, nameKey: username, caselessName: username } })
  const credential = { passwordHash: null, passwordChangeRequired: false, passwordSetById: null, createdById: null }
  await insertUser(prisma, { id: userId, organizationId, username, displayName: null, about: null, role: 'manager', dailyLimit: null, ...credential })
  await openSession(prisma, { id: randomUUIDv7(), tokenHash: hashToken(token), userId, expiresAt: end, absoluteEndAt: end, device: null, address: null })
  return lucia(services).createSessionCookie(token).serialize().split(';')[0] ?? ''
}

test('a database that falls silent: alive but not ready, figures still there, and ready again when it answers', async () => {
  const database = await silencedDatabase()
  const { address } = await start({ databaseUrl: database.url })
  expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready' })

  database.silence()
  const unready = await fetch(`${address}/readyz`)
  expect(unready.status).toBe(503)
  expect(await unready.json()).toEqual({ status: 'not ready', reason: 'The database does not answer.' })
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${address}/metrics`)).text()).toContain('roster_pool_connections')

  database.restore()
  await expect.poll(async () => (await fetch(`${address}/readyz`)).status, { timeout: 20_000 }).toBe(200)
})

test('a server that stops tells open consoles to come back, and does not wait for them', async () => {
  const server = await start()
  const stream = await fetch(`${server.address}/trpc/changes.subscribe`, { headers: { accept: 'text/event-stream', cookie: await cookieFor(server, 'stan') } })
  const decoder = new TextDecoder()
  const reader = stream.body?.getReader()
  let heard = ''
  while (reader && !heard.includes('hello')) heard += decoder.decode((await reader.read()).value)
  expect(await (await fetch(`${server.address}/metrics`)).text()).toContain('roster_open_streams 1')

  const stopped = server.stop()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) heard += decoder.decode(part.value)
  expect(heard).toContain('{"kind":"closed","why":"server"}')
  await stopped
})

test('calls are counted one by one, also those of a batch, by what came of them', async () => {
  const { address } = await start()
  await fetch(`${address}/trpc/setup.status,session.me,setup.status?batch=1`)
  const figures = await (await fetch(`${address}/metrics`)).text()
  expect(figures).toContain('roster_calls_total{procedure="setup.status",outcome="ok"} 2')
  expect(figures).toContain('roster_calls_total{procedure="session.me",outcome="NOT_SIGNED_IN"} 1')
})

test('what the real procedures refuse has no stack, whatever is wrong with the call', async () => {
  const { address } = await start()
  const headers = { origin: address, 'content-type': 'application/json' }
  const answers = [
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: '{"username":' }),
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: '{"username":{"a":1},"password":[]}' }),
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: JSON.stringify({ username: 'a'.repeat(1_000_000), password: 'b' }) }),
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: '""'.padEnd(2_200_000) }),
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: '{}' }),
    await fetch(`${address}/trpc/session.signIn`),
    await fetch(`${address}/trpc/user.nothing`),
    await fetch(`${address}/trpc/a/b/c`),
    await fetch(`${address}/trpc/${Array(11).fill('setup.status').join(',')}?batch=1`),
  ]
  const told = await Promise.all(
    answers.map(async (answer) => ({ status: answer.status, cache: answer.headers.get('cache-control'), body: await answer.text() })),
  )
  expect(told.map(({ status }) => status)).toEqual([400, 400, 400, 413, 400, 400, 404, 404, 400])
  for (const { body } of told) {
    const { error } = JSON.parse(body)
    expect(error.data.refusal).toMatchObject({ code: expect.any(String), details: expect.any(Object) })
    expect(error.message.length).toBeLessThan(200)
    expect(body).not.toMatch(/"stack"|node_modules/u)
  }
})
