import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initTRPC } from '@trpc/server'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { type AppOptions, buildApp } from './app.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createLog } from './server/log.ts'

const t = initTRPC.create({ isDev: false })
const router = t.router({
  echo: t.procedure.input(z.string()).query(({ input }) => input.length),
  change: t.procedure.input(z.string()).mutation(({ input }) => input.length),
  fail: t.procedure.query(() => {
    throw new Error('the pump is dry')
  }),
})

let folder = ''
const apps: FastifyInstance[] = []
const logged: string[] = []

async function start(
  parts: Partial<Omit<AppOptions<typeof router>, 'env'>> & { env?: Partial<AppOptions<typeof router>['env']> } = {},
): Promise<FastifyInstance> {
  const app = await buildApp({
    log: createLog('debug', { write: (line: string) => void logged.push(line) }),
    router,
    createContext: () => ({}),
    metrics: createMetrics({
      streams: () => 3,
      pools: () => [{ pool: 'app', total: 5, idle: 4, waiting: 0 }],
      jobs: async () => [{ name: 'import.purge', queued: 2, running: 1, failed: 0, oldest: 7 }],
    }),
    unreadyReason: async () => null,
    consoleFolder: folder,
    ...parts,
    env: { publicUrl: null, trustProxy: false, metricsToken: null, ...parts.env },
  })
  apps.push(app)
  return app
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>console</title>')
  await writeFile(join(folder, 'sign-in.html'), '<title>sign in</title>')
  await writeFile(join(folder, 'assets/main-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'assets/main-1a2b.js.br'), 'compressed')
  await writeFile(join(folder, 'csp.json'), JSON.stringify({ styleHashes: ['sha256-abc='] }))
})
afterEach(async () => {
  logged.length = 0
  await Promise.all(apps.splice(0).map((app) => app.close()))
})
afterAll(() => rm(folder, { recursive: true }))

const LOCAL = { host: 'localhost:3000', origin: 'http://localhost:3000', 'content-type': 'application/json' }
const change = (headers: Record<string, string> = {}, payload = '"four"'): InjectOptions => ({
  method: 'POST',
  url: '/trpc/change',
  headers: { ...LOCAL, ...headers },
  payload,
})
const page = (url: string, headers: Record<string, string> = {}): InjectOptions => ({
  url,
  headers: { host: 'localhost', accept: 'text/html', ...headers },
})

test('accepts a mutation from a page of this server', async () => {
  const app = await start()
  expect((await app.inject(change())).json()).toEqual({ result: { data: 4 } })
  expect((await app.inject(change({ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }))).statusCode).toBe(200)
  expect((await app.inject(change({ host: '[::1]:3000', origin: 'http://[::1]:3000' }))).statusCode).toBe(200)
})

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://localhost:5000' }],
  ['another name of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['a sandboxed page', { origin: 'null' }],
  ['https where this is http', { origin: 'https://localhost:3000' }],
])('refuses a mutation from %s', async (_name, headers) => {
  const answer = await (await start()).inject(change(headers))
  expect(answer.statusCode).toBe(403)
  expect(answer.json().error).toMatchObject({
    message: 'This request came from an address this server doesn’t trust. Reload the page.',
    data: { refusal: { code: 'BAD_ORIGIN' } },
  })
})

test('refuses a mutation without an Origin header', async () => {
  const answer = await (await start()).inject({
    method: 'POST',
    url: '/trpc/change',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    payload: '"four"',
  })
  expect(answer.json().error.data.refusal.code).toBe('BAD_ORIGIN')
})

test('behind a proxy, accepts PUBLIC_URL as the only origin, whatever the Host header', async () => {
  const app = await start({ env: { publicUrl: 'https://roster.example.com' } })
  const origin = 'https://roster.example.com'
  expect((await app.inject(change({ host: 'roster.example.com', origin }))).statusCode).toBe(200)
  expect((await app.inject(change({ host: '127.0.0.1:3000', origin }))).statusCode).toBe(200)
  expect(
    (await app.inject(change({ host: 'roster.example.com', origin: 'http://roster.example.com' }))).statusCode,
  ).toBe(403)
  expect(
    (await app.inject(change({ host: 'roster.example.com', origin: 'https://roster.example.com.evil.example' })))
      .statusCode,
  ).toBe(403)
})

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '192.168.1.5:3000',
  'localhost:3000@evil.example',
])('refuses a foreign host name (%s) that resolves to this server', async (host) => {
  const app = await start()
  expect(
    (await app.inject({ url: '/trpc/echo?input=%22a%22', headers: { host } })).json().error.data.refusal.code,
  ).toBe('BAD_ORIGIN')
  const shown = await app.inject(page('/', { host }))
  expect(shown.statusCode).toBe(403)
  expect(shown.body).toContain('PUBLIC_URL')
})

test('every refusal has the same shape and is not cached', async () => {
  const app = await start()
  for (const request of [
    { url: '/trpc/echo', headers: { host: 'evil.example' } },
    { url: '/trpc', headers: LOCAL },
    { url: '/trpc/%zz', headers: LOCAL },
    { url: '/%zz', headers: LOCAL },
    change({ origin: 'http://evil.example' }),
  ]) {
    const answer = await app.inject(request)
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(answer.json().error.data.refusal.code).toMatch(/^(BAD_ORIGIN|BAD_INPUT|NOT_FOUND)$/u)
  }
})

test('probes work with any host name', async () => {
  const app = await start()
  expect((await app.inject({ url: '/healthz', headers: { host: '10.0.0.7:3000' } })).json()).toEqual({ status: 'ok' })
  expect((await app.inject({ url: '/readyz', headers: { host: '10.0.0.7:3000' } })).json()).toEqual({ status: 'ready' })
})

test('a server that can’t serve is alive but not ready, and gives the reason', async () => {
  const app = await start({ unreadyReason: async () => 'The database is unreachable.' })
  expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200)
  const answer = await app.inject({ url: '/readyz' })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toEqual({ status: 'not ready', reason: 'The database is unreachable.' })
})

test('sends a content security policy without foreign sources and inline scripts', async () => {
  const { headers } = await (await start()).inject(page('/'))
  expect(headers['content-security-policy']).toBe(
    "default-src 'self'; script-src 'self'; style-src 'self' 'sha256-abc='; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  )
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  expect(headers['strict-transport-security']).toBeUndefined()
})

test('sends HSTS only with an https PUBLIC_URL', async () => {
  const app = await start({ env: { publicUrl: 'https://roster.example.com' } })
  expect((await app.inject(page('/', { host: 'roster.example.com' }))).headers['strict-transport-security']).toBe(
    'max-age=31536000',
  )
})

test.each([
  ['an answer', '/trpc/echo?input=%22a%22', 200],
  ['a refusal', '/trpc/echo?input=1', 400],
  ['an unknown procedure', '/trpc/nothing', 404],
])('%s of the API is not cached', async (_name, url, status) => {
  const answer = await (await start()).inject({ url, headers: LOCAL })
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['cache-control']).toBe('no-store')
})

test.each([
  ['half of an object', '{"a":', 'application/json'],
  ['no JSON at all', 'four', 'application/json'],
  ['text', '"four"', 'text/plain'],
  ['XML', '<four/>', 'application/xml'],
  ['a form', 'a=4', 'application/x-www-form-urlencoded'],
  [
    'a form with parts',
    '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n4\r\n--x--',
    'multipart/form-data; boundary=x',
  ],
])('refuses %s instead of JSON, without a stack', async (_name, payload, type) => {
  const answer = await (await start()).inject(change({ 'content-type': type }, payload))
  expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  expect(answer.statusCode).toBeLessThan(500)
  expect(answer.json().error).toMatchObject({ message: expect.any(String), data: { httpStatus: answer.statusCode } })
  expect(answer.body).not.toMatch(/node_modules|\bat .+:\d+:\d+/u)
})

test('refuses a body of more than 2 MiB before it is read', async () => {
  const answer = await (await start()).inject(change({}, JSON.stringify('a'.repeat(2 * 1024 * 1024))))
  expect(answer.statusCode).toBe(413)
  expect(answer.json().error).toMatchObject({
    message: 'This is too large. The limit is 2,048 KiB.',
    data: { refusal: { code: 'TOO_LARGE' } },
  })
})

test('accepts a body of 1 MB', async () => {
  expect((await (await start()).inject(change({}, JSON.stringify('a'.repeat(1_000_000))))).json()).toEqual({
    result: { data: 1_000_000 },
  })
})

test('accepts ten calls in one request, but not eleven', async () => {
  const app = await start()
  const batch = (size: number) => {
    const input = JSON.stringify(Object.fromEntries(Array.from({ length: size }, (_, index) => [index, 'a'])))
    return app.inject({
      url: `/trpc/${Array(size).fill('echo').join(',')}?batch=1&input=${encodeURIComponent(input)}`,
      headers: LOCAL,
    })
  }
  expect((await batch(10)).json()).toHaveLength(10)
  expect((await batch(11)).statusCode).toBe(400)
})

test.each([
  '/trpc',
  '/trpc/',
  '/trpc/a/b',
  '/trpc/%zz',
  '/%zz',
  '/trpc/../etc/passwd',
  '/..%2f..%2fpackage.json',
  '/assets/../csp.json',
])('refuses an odd path (%s) without revealing anything', async (url) => {
  const answer = await (await start()).inject({ url, headers: LOCAL })
  expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  expect(answer.statusCode).toBeLessThan(500)
  expect(answer.body).not.toMatch(/node_modules|styleHashes/u)
})

test('an unexpected error answers 500 and is logged with its details', async () => {
  const answer = await (await start()).inject({ url: '/trpc/fail', headers: LOCAL })
  expect(answer.statusCode).toBe(500)
  const entry = logged.map((line) => JSON.parse(line)).find((line) => line.level === 50)
  expect(entry).toMatchObject({ msg: 'unexpected error', procedure: 'fail', err: { message: 'the pump is dry' } })
})

test('the log has no cookies, bodies or query strings', async () => {
  const app = await start()
  await app.inject(change({ cookie: 'roster=geheim', authorization: 'Bearer geheim' }, '"geheim"'))
  await app.inject({ url: '/trpc/echo?input=%22geheim%22', headers: LOCAL })
  await app.inject({ url: '/trpc/fail?input=%22geheim%22', headers: { ...LOCAL, cookie: 'roster=geheim' } })
  app.log.warn(
    {
      cookie: 'geheim',
      headers: { authorization: 'geheim' },
      req: { method: 'GET', url: '/?geheim' },
      password: 'geheim',
    },
    'message',
  )
  expect(logged.length).toBeGreaterThanOrEqual(5)
  expect(logged.join('')).not.toContain('geheim')
})

test('serves the console, uncached, for every path that a browser opens', async () => {
  const app = await start()
  for (const url of ['/', '/settings/users', '/settings/users/123?tab=sessions', '/workspaces/1/members']) {
    const answer = await app.inject(page(url))
    expect([url, answer.statusCode, answer.body]).toEqual([url, 200, '<title>console</title>'])
    expect(answer.headers['cache-control']).toBe('no-cache')
  }
  for (const url of ['/sign-in', '/setup', '/link', '/sign-in?next=%2Fusers'])
    expect((await app.inject(page(url))).body).toBe('<title>sign in</title>')
})

test('serves hashed files precompressed and cacheable for a year', async () => {
  const app = await start()
  const answer = await app.inject({
    url: '/assets/main-1a2b.js',
    headers: { host: 'localhost', 'accept-encoding': 'gzip, br' },
  })
  expect(answer.body).toBe('compressed')
  expect(answer.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': expect.stringContaining('javascript'),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: expect.stringMatching(/accept-encoding/iu),
  })
  expect((await app.inject({ url: '/assets/main-1a2b.js', headers: { host: 'localhost' } })).body).toBe('export {}')
})

test('answers 404 for missing and hidden files', async () => {
  const app = await start()
  for (const url of ['/assets/gone.js', '/csp.json', '/assets/main-1a2b.js.br', '/.env']) {
    expect([url, (await app.inject({ url, headers: { host: 'localhost', accept: '*/*' } })).statusCode]).toEqual([
      url,
      404,
    ])
  }
})

test('without a build of the console, says how to build it', async () => {
  const app = await start({ consoleFolder: join(folder, 'nowhere') })
  const answer = await app.inject(page('/'))
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain('npm start')
  expect((await app.inject(change())).statusCode).toBe(200)
})

test('serves metrics to this machine', async () => {
  const app = await start()
  await app.inject({ url: '/trpc/echo?input=%22a%22', headers: LOCAL })
  const answer = await app.inject({ url: '/metrics', headers: { host: 'localhost:3000' } })
  expect(answer.statusCode).toBe(200)
  expect(answer.body).toContain('roster_open_streams 3')
  expect(answer.body).toContain('roster_pool_connections{pool="app",state="busy"} 1')
  expect(answer.body).toContain('roster_jobs{job="import.purge",state="queued"} 2')
  expect(answer.body).toContain('roster_job_oldest_seconds{job="import.purge"} 7')
  expect(answer.body).toContain(
    'roster_http_request_duration_seconds_count{method="GET",route="/trpc/:path",status="200"} 1',
  )
  expect(answer.body).toContain('process_resident_memory_bytes')
})

test.each<[string, InjectOptions]>([
  ['another machine', { remoteAddress: '192.168.1.9', headers: { host: 'localhost:3000' } }],
  ['a foreign host name', { headers: { host: 'evil.example' } }],
  ['a proxy on this machine', { headers: { host: 'localhost:3000', 'x-forwarded-for': '192.168.1.9' } }],
  ['a wrong token', { remoteAddress: '192.168.1.9', headers: { authorization: 'Bearer 0123456789abcdef-' } }],
])('refuses metrics to %s', async (_name, from) => {
  const answer = await (await start({ env: { metricsToken: '0123456789abcdef' } })).inject({ url: '/metrics', ...from })
  expect(answer.statusCode).toBe(403)
  expect(answer.body).not.toContain('roster_')
})

test('refuses metrics without a token when a proxy must be in front', async () => {
  for (const env of [{ publicUrl: 'https://roster.example.com' }, { trustProxy: 1 }]) {
    expect(
      (await (await start({ env })).inject({ url: '/metrics', headers: { host: '127.0.0.1:3000' } })).statusCode,
    ).toBe(403)
  }
  const plain = await start({ env: { publicUrl: 'http://roster.example.com' } })
  expect((await plain.inject({ url: '/metrics', headers: { host: '127.0.0.1:3000' } })).statusCode).toBe(200)
})

test('serves metrics with the token from any address', async () => {
  const app = await start({ env: { metricsToken: '0123456789abcdef', trustProxy: 1 } })
  const answer = await app.inject({
    url: '/metrics',
    remoteAddress: '192.168.1.9',
    headers: { host: '10.0.0.7', authorization: 'Bearer 0123456789abcdef' },
  })
  expect(answer.body).toContain('roster_open_streams 3')
  expect((await app.inject({ url: '/metrics', headers: { host: 'localhost' } })).statusCode).toBe(403)
})

test('uses a forwarded address only from a trusted proxy', async () => {
  const addresses: string[] = []
  const createContext: AppOptions<typeof router>['createContext'] = ({ req }) => {
    addresses.push(req.ip)
    return {}
  }
  const call: InjectOptions = {
    url: '/trpc/echo?input=%22a%22',
    remoteAddress: '10.0.0.1',
    headers: { ...LOCAL, 'x-forwarded-for': '1.1.1.1, 2.2.2.2' },
  }
  for (const trustProxy of [false, 1, 2, ['10.0.0.1'], ['10.9.9.9']] as const) {
    await (
      await start({ createContext, env: { trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy } })
    ).inject(call)
  }
  expect(addresses).toEqual(['10.0.0.1', '2.2.2.2', '1.1.1.1', '2.2.2.2', '10.0.0.1'])
})

test('listens on a real port', async () => {
  const app = await start()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ status: 'ok' })
})
