import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { enqueue, insertUser, openSession } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { type Env, readEnv } from '../env.ts'
import { hashToken } from '../session/adapter.ts'
import { lucia } from '../session/lucia.ts'
import { createLog } from './log.ts'
import { type RunningServer, startServer } from './server.ts'

const { url } = await createTestDatabase()

async function start(env: Partial<Env> = {}): Promise<RunningServer> {
  const server = await startServer(
    { ...readEnv({ PORT: '0', DATABASE_URL: url }), ...env },
    { log: createLog('silent') },
  )
  onTestFinished(() => server.stop())
  return server
}

/** The database behind a proxy that can drop all traffic without closing connections. */
async function databaseWithProxy() {
  const target = new URL(url)
  const folder = target.searchParams.get('host')
  const port = Number(target.port || 5432)
  const sockets = new Set<Socket>()
  let dropping = false
  const proxy = createServer((near) => {
    const far = folder ? dial(`${folder}/.s.PGSQL.${port}`) : dial(port, target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => dropping || to.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((proxy.address() as AddressInfo).port)
  return {
    url: target.href,
    drop: () => {
      dropping = true
    },
    restore: () => {
      dropping = false
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** The session cookie of a new user. */
async function cookieFor({ services }: RunningServer, username: string): Promise<string> {
  const { prisma } = services.db
  const organizationId = randomUUIDv7()
  const userId = randomUUIDv7()
  const token = `token-of-${username}`
  const end = new Date(Date.now() + 3_600_000)
  await prisma.organization.create({
    data: { id: organizationId, name: username, nameKey: username, caselessName: username },
  })
  const credential = { passwordHash: null, passwordChangeRequired: false, passwordSetById: null, createdById: null }
  await insertUser(prisma, {
    id: userId,
    organizationId,
    username,
    displayName: null,
    about: null,
    role: 'manager',
    dailyLimit: null,
    ...credential,
  })
  await openSession(prisma, {
    id: randomUUIDv7(),
    tokenHash: hashToken(token),
    userId,
    expiresAt: end,
    absoluteEndAt: end,
    device: null,
    address: null,
  })
  return lucia(services).createSessionCookie(token).serialize().split(';')[0] ?? ''
}

test('without a responding database the server is alive and serves metrics but is not ready, and recovers by itself', async () => {
  const database = await databaseWithProxy()
  const { address } = await start({ databaseUrl: database.url })
  expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready' })

  database.drop()
  const unready = await fetch(`${address}/readyz`)
  expect(unready.status).toBe(503)
  expect(await unready.json()).toEqual({ status: 'not ready', reason: 'The database does not respond.' })
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${address}/metrics`)).text()).toContain('roster_pool_connections')

  database.restore()
  await expect.poll(async () => (await fetch(`${address}/readyz`)).status).toBe(200)
})

test('a stopping server closes change streams with a last event and does not wait for them', async () => {
  const server = await start()
  const stream = await fetch(`${server.address}/trpc/changes.subscribe`, {
    headers: { accept: 'text/event-stream', cookie: await cookieFor(server, 'stan') },
  })
  const decoder = new TextDecoder()
  const reader = stream.body?.getReader()
  let received = ''
  while (reader && !received.includes('hello')) received += decoder.decode((await reader.read()).value)
  expect(await (await fetch(`${server.address}/metrics`)).text()).toContain('roster_open_streams 1')

  const stopped = server.stop()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    received += decoder.decode(part.value)
  expect(received).toContain('{"kind":"closed","why":"server"}')
  await stopped
})

test('counts the calls of a batch one by one, by outcome', async () => {
  const { address } = await start()
  await fetch(`${address}/trpc/setup.status,session.me,setup.status?batch=1`)
  const metrics = await (await fetch(`${address}/metrics`)).text()
  expect(metrics).toContain('roster_calls_total{procedure="setup.status",outcome="ok"} 2')
  expect(metrics).toContain('roster_calls_total{procedure="session.me",outcome="NOT_SIGNED_IN"} 1')
})

test('refusals of the real procedures have no stack', async () => {
  const { address } = await start()
  const headers = { origin: address, 'content-type': 'application/json' }
  const answers = [
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: '{"username":' }),
    await fetch(`${address}/trpc/session.signIn`, {
      method: 'POST',
      headers,
      body: '{"username":{"a":1},"password":[]}',
    }),
    await fetch(`${address}/trpc/session.signIn`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ username: 'a'.repeat(1_000_000), password: 'b' }),
    }),
    await fetch(`${address}/trpc/session.signIn`, { method: 'POST', headers, body: '""'.padEnd(2_200_000) }),
    await fetch(`${address}/trpc/session.signIn`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: '{}',
    }),
    await fetch(`${address}/trpc/session.signIn`),
    await fetch(`${address}/trpc/user.nothing`),
    await fetch(`${address}/trpc/a/b/c`),
    await fetch(`${address}/trpc/${Array(11).fill('setup.status').join(',')}?batch=1`),
  ]
  const received = await Promise.all(
    answers.map(async (answer) => ({
      status: answer.status,
      cache: answer.headers.get('cache-control'),
      body: await answer.text(),
    })),
  )
  expect(received.map(({ status }) => status)).toEqual([400, 400, 400, 413, 400, 400, 404, 404, 400])
  for (const { body } of received) {
    const { error } = JSON.parse(body)
    expect(error.data.refusal).toMatchObject({ code: expect.any(String), details: expect.any(Object) })
    expect(error.message.length).toBeLessThan(200)
    expect(body).not.toMatch(/"stack"|node_modules/u)
  }
})

test('a node runs a job that another process enqueued', async () => {
  const { services } = await start()
  const { pool, prisma } = services.db
  await pool.query(`INSERT INTO "outbox_event" ("capability", "at") VALUES ('user', now() - interval '2 hours')`)
  const enqueued = performance.now()
  await prisma.$transaction((tx) => enqueue(tx, 'outbox.purge', {}))
  const old = `SELECT 1 FROM "outbox_event" WHERE "at" < now() - interval '1 hour'`
  await expect.poll(async () => (await pool.query(old)).rowCount, { interval: 20 }).toBe(0)
  // Woken by the outbox: looking for jobs without being woken takes 15 seconds.
  expect(performance.now() - enqueued).toBeLessThan(10_000)
})
