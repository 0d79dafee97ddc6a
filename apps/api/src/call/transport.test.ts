import type { InjectOptions } from 'fastify'
import { expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { testInstance } from '../../test/support/instance.ts'
import { read, sender } from '../../test/support/send.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const john = await make.user({ organizationId: acme.id, username: 'john' })
const { cookie } = await make.session(ada)
const HEADERS = { host: 'localhost', origin: 'http://localhost', 'content-type': 'application/json', cookie }
const SUSPEND = JSON.stringify({ userId: john.id })
const encoded = encodeURIComponent(SUSPEND)

/** Sends a request that must be refused and change nothing. */
async function refused(request: InjectOptions) {
  const before = await fingerprint(db)
  const answer = await app.inject({ headers: HEADERS, ...request })
  expect(await fingerprint(db)).toEqual(before)
  return answer
}
const post = (payload: string | Buffer, more: InjectOptions = {}): InjectOptions => ({
  method: 'POST',
  url: '/trpc/user.suspend',
  payload,
  ...more,
})

test.each<[string, string | Buffer]>([
  ['nothing', ''],
  ['half of an object', '{"userId":"'],
  ['text', 'suspend john'],
  ['NaN', '{"userId":NaN}'],
  ['two values', `${SUSPEND}${SUSPEND}`],
  ['a superfluous comma', `{"userId":"${john.id}",}`],
  ['single quotes', `{'userId':'${john.id}'}`],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
  ['a hundred thousand brackets', '['.repeat(100_000)],
  ['a hundred thousand closed brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['an object in an object, fifty thousand deep', `${'{"userId":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
])('rejects a body of %s as bad input', async (_name, payload) => {
  const { status, refusal } = read(await refused(post(payload)))
  expect([status, refusal?.code]).toEqual([400, 'BAD_INPUT'])
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  'application/xml',
  '',
])('rejects a body of the type %j before it is read', async (type) => {
  const { status, message } = read(await refused(post(SUSPEND, { headers: { ...HEADERS, 'content-type': type } })))
  expect([status, message]).toEqual([400, 'Send JSON (content-type: application/json).'])
})

test('rejects a body above 2 MiB, with and without a session', async () => {
  for (const headers of [HEADERS, { ...HEADERS, cookie: '' }]) {
    const { status, refusal } = read(
      await refused(post(JSON.stringify({ userId: 'a'.repeat(2 * 1024 * 1024) }), { headers })),
    )
    expect([status, refusal]).toEqual([413, { code: 'TOO_LARGE', details: { limit: 2 * 1024 * 1024 } }])
  }
})

test('rejects a change by GET, as a single call and in a batch', async () => {
  const single = read(await refused({ url: `/trpc/user.suspend?input=${encoded}` }))
  expect([single.status, single.refusal?.code]).toEqual([400, 'BAD_INPUT'])
  const batch = await refused({
    url: `/trpc/user.suspend,session.me?batch=1&input=${encodeURIComponent(`{"0":${SUSPEND}}`)}`,
  })
  expect(batch.statusCode).toBe(400)
})

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const)('rejects a change by %s', async (method) => {
  const answer = await refused({
    method,
    url: '/trpc/user.suspend',
    ...(method === 'HEAD' ? {} : { payload: SUSPEND }),
  })
  expect(answer.body).not.toContain('"result"')
  if (method !== 'HEAD') expect(answer.statusCode).toBeGreaterThanOrEqual(400)
})

test('accepts a query by POST, from a page of this server only', async () => {
  const query = { method: 'POST', url: '/trpc/user.list', payload: '{}' } as const
  expect(read(await app.inject({ ...query, headers: HEADERS })).status).toBe(200)
  expect(read(await refused({ ...query, headers: { ...HEADERS, origin: 'https://evil.example' } })).refusal?.code).toBe(
    'BAD_ORIGIN',
  )
})

test.each([
  'nothing',
  'user',
  'user.',
  '.user',
  'user.suspend.',
  'user.suspendd',
  'USER.SUSPEND',
  'user/suspend',
  '__proto__',
  'constructor',
  'toString',
  'user.__proto__',
  'user.constructor.call',
  'user%2Esuspendx',
  'user.suspend%00',
  'user.suspend%20',
  encodeURIComponent('пользователь.список'),
  'a'.repeat(900),
  'a'.repeat(2000),
])('answers NOT_FOUND for the procedure %j', async (path) => {
  for (const request of [post(SUSPEND, { url: `/trpc/${path}` }), { url: `/trpc/${path}?input=${encoded}` }]) {
    const { status, refusal } = read(await refused(request))
    expect([status, refusal]).toEqual([404, { code: 'NOT_FOUND', details: { what: 'procedure' } }])
  }
})

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['this host by https', { origin: 'https://localhost' }],
  ['a sandboxed page', { origin: 'null' }],
  ['an empty origin', { origin: '' }],
  ['a longer name', { origin: 'http://localhost.evil.example' }],
  ['a foreign name made to point here', { host: 'evil.example', origin: 'http://evil.example' }],
  ['a host with a user’s name before it', { host: 'localhost@evil.example', origin: 'http://localhost' }],
])('rejects a change from %s', async (_name, headers) => {
  const { status, refusal } = read(await refused(post(SUSPEND, { headers: { ...HEADERS, ...headers } })))
  expect([status, refusal]).toEqual([403, { code: 'BAD_ORIGIN', details: {} }])
})

test('rejects a change without an origin', async () => {
  const { host, cookie: own } = HEADERS
  const { status, refusal } = read(
    await refused(post(SUSPEND, { headers: { host, cookie: own, 'content-type': 'application/json' } })),
  )
  expect([status, refusal]).toEqual([403, { code: 'BAD_ORIGIN', details: {} }])
})

test('rejects eleven calls in one request, and answers ten', async () => {
  const batch = (procedure: string, size: number) =>
    post(
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: size }, (_, index) => [index, { userId: john.id.replace(/.$/u, String(index % 10)) }]),
        ),
      ),
      {
        url: `/trpc/${Array<string>(size).fill(procedure).join(',')}?batch=1`,
      },
    )
  const { status, refusal, message } = read(await refused(batch('user.suspend', 11)))
  expect([status, refusal?.code, message]).toEqual([400, 'BAD_INPUT', 'At most 10 calls at once.'])
  expect((await refused(batch('user.nothing', 10))).json()).toHaveLength(10)
  expect((await app.inject({ ...batch('user.get', 10), headers: HEADERS })).json()).toHaveLength(10)
})

test.each(['session.signIn', 'setup.run', 'link.inspect', 'link.accept', 'invitation.inspect', 'invitation.accept'])(
  '%s can’t be called in a batch',
  async (procedure) => {
    for (const other of [procedure, 'session.signOut', 'user.suspend']) {
      const answer = await refused(
        post('{"0":{},"1":{"userId":7}}', {
          url: `/trpc/${procedure},${other}?batch=1`,
          headers: { ...HEADERS, cookie: '' },
        }),
      )
      const [first] = answer.json() as [{ error: { data: { refusal: unknown } } }]
      expect(first.error.data.refusal).toEqual({ code: 'NOT_BATCHABLE', details: { procedure } })
    }
  },
)

test('a refused call of a batch leaves the others answered', async () => {
  const [refusedCall, answered] = (
    await app.inject({
      url: `/trpc/user.get,session.me?batch=1&input=${encodeURIComponent('{"0":{"userId":7}}')}`,
      headers: HEADERS,
    })
  ).json() as [{ error: { data: { refusal: { code: string } } } }, { result: { data: { user: { id: string } } } }]
  expect(refusedCall.error.data.refusal.code).toBe('BAD_INPUT')
  expect(answered.result.data.user.id).toBe(ada.id)
})

test('a rate-limited sign-in answers 429 with the seconds to wait', async () => {
  const signIn = () =>
    app.inject(
      post(JSON.stringify({ username: 'grace', password: 'a wrong one' }), {
        url: '/trpc/session.signIn',
        headers: HEADERS,
      }),
    )
  let answer = await signIn()
  for (let attempt = 0; attempt < 20 && answer.statusCode === 401; attempt++) {
    expect(answer.headers['retry-after']).toBeUndefined()
    answer = await signIn()
  }
  const { refusal, message } = read(answer)
  expect([answer.statusCode, refusal?.code]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
  const seconds = Number(answer.headers['retry-after'])
  expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 900).toBe(true)
  expect(message).toMatch(/^Too many attempts\. Try again in \d+ (second|seconds|minutes)\.$/u)
})

test('ignores cookies of others', async () => {
  const [name = '', token = ''] = cookie.split('=')
  for (const bad of [
    `${name}=`,
    `${name}=${'x'.repeat(5000)}`,
    `${name}=%00`,
    `${name}="${token}x"`,
    `x${name}=${token}`,
    `${name}=${token.toUpperCase()}`,
    ';;;===',
    '\u0001',
  ])
    expect((await send('session.me', undefined, { cookie: bad })).refusal?.code).toBe('NOT_SIGNED_IN')
  expect((await send('session.me', undefined, { cookie: `a=b; ${name}=${token}; c=d` })).status).toBe(200)
})

test('sends a streamed batch with a length and without chunks', async () => {
  const url = '/trpc/session.me,session.list?batch=1'
  const answer = await app.inject({ url, headers: { ...HEADERS, 'trpc-accept': 'application/jsonl' } })
  expect(answer.headers['transfer-encoding']).toBeUndefined()
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)))
  expect(answer.body).toContain(ada.id)
})
