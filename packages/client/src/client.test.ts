import { createTestDatabase } from '@roster/db/testing'
import { refusalOf } from '@roster/domain'
import { afterAll, expect, test } from 'vitest'
import { type RosterServer, startRoster } from '../testing/server.ts'
import { createRosterClient, type RosterClient } from './client.ts'
import type { Fetch } from './links.ts'

const database = await createTestDatabase()
let server: RosterServer = await startRoster(database.url)
afterAll(() => server.stop())
const { url } = server
const credentials = { username: 'ada.l', password: 'a long enough one' }
await createRosterClient({ url }).setup.run.mutate({
  ...credentials,
  code: server.code,
  organizationName: 'Analytical Engines',
})
const ada = await createRosterClient({ url }).signIn(credentials)

/** Creates a manager and signs them in. */
async function signInAsManager(username: string): Promise<RosterClient> {
  const credential = { kind: 'password', password: credentials.password, changeRequired: false } as const
  await ada.user.create.mutate({ username, role: 'manager', credential })
  return createRosterClient({ url }).signIn({ username, password: credentials.password })
}

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => 'answered',
    (error: unknown) => refusalOf(error)?.code,
  )
}

test('a stored cookie continues the session, through a password change, until it is signed out', async () => {
  const bob = await signInAsManager('bob.k')
  const restored = createRosterClient({ url, cookie: bob.cookie ?? '' })
  expect((await restored.session.me.query()).user.username).toBe('bob.k')

  await restored.session.changePassword.mutate({ current: credentials.password, password: 'another long one' })
  expect((await restored.session.me.query()).user.username).toBe('bob.k')
  expect(await codeOf(bob.session.me.query())).toBe('SESSION_ENDED')

  await restored.session.signOut.mutate()
  expect(await codeOf(restored.session.me.query())).toBe('NOT_SIGNED_IN')
})

test('signing in returns a new client and leaves the first one unchanged', async () => {
  const anonymous = createRosterClient({ url })
  const first = await anonymous.signIn(credentials)
  const second = await first.signIn(credentials)
  expect(await Promise.all([first, second, anonymous].map((client) => codeOf(client.session.me.query())))).toEqual([
    'answered',
    'answered',
    'NOT_SIGNED_IN',
  ])
  expect(second.cookie).not.toBe(first.cookie)
  expect(anonymous.cookie).toBeNull()
})

test('batches simultaneous reads, and sends an unbatched call on its own', async () => {
  const sent: string[] = []
  const counted: Fetch = (input, init) => {
    sent.push(new URL(input).pathname.replace('/trpc/', ''))
    return fetch(input, init)
  }
  const client = createRosterClient({ url, cookie: ada.cookie ?? '', fetch: counted })
  await Promise.all(Array.from({ length: 25 }, () => client.session.me.query()))
  expect(sent).toHaveLength(3)
  expect(await Promise.all([codeOf(client.signIn(credentials)), codeOf(client.signIn(credentials))])).toEqual([
    'answered',
    'answered',
  ])
})

test('a read can name ten thousand users', async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`)
  expect(await codeOf(ada.user.previewBulk.query({ selection: ids, action: { kind: 'suspend' } }))).toBe('UNKNOWN_IDS')
})

test('an unreachable server is no refusal', async () => {
  const error: unknown = await createRosterClient({ url: 'http://127.0.0.1:9' })
    .setup.status.query()
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(refusalOf(error)).toBeNull()
})

test('rejects following changes without a session', async () => {
  expect(await codeOf(createRosterClient({ url }).follow().next())).toBe('NOT_SIGNED_IN')
})

test('reconnects when the server comes back, until it is aborted', async () => {
  const abort = new AbortController()
  const received: string[] = []
  for await (const change of ada.follow({ signal: abort.signal })) {
    received.push(change.kind)
    if (received.length === 2) abort.abort()
    if (received.length > 1) continue
    await server.stop()
    server = await startRoster(database.url, Number(new URL(url).port))
  }
  expect(received).toEqual(['hello', 'hello'])
})
