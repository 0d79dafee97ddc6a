import { createTestDatabase } from '@roster/db/testing'
import { afterAll, expect, test } from 'vitest'
import { type RosterServer, startRoster } from '../testing/server.ts'
import { createRosterClient, type RosterClient } from './client.ts'
import type { Fetch } from './links.ts'
import { refusalOf } from './refusal.ts'

const database = await createTestDatabase()
let server: RosterServer = await startRoster(database.url)
afterAll(() => server.stop())
const { url } = server
const credentials = { username: 'ada.l', password: 'a long enough one' }
await createRosterClient({ url }).setup.run.mutate({ ...credentials, code: server.code, organizationName: 'Analytical Engines' })
const ada = await createRosterClient({ url }).signIn(credentials)

/** Somebody with a session of their own, and the id of their account. */
async function somebody(username: string): Promise<RosterClient> {
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

test('a session goes on where its cookie is kept, through a change of the password, until it is signed out', async () => {
  const bob = await somebody('bob.k')
  const again = createRosterClient({ url, cookie: bob.cookie ?? '' })
  expect((await again.session.me.query()).user.username).toBe('bob.k')

  await again.session.changePassword.mutate({ current: credentials.password, password: 'another long one' })
  expect((await again.session.me.query()).user.username).toBe('bob.k')
  expect(await codeOf(bob.session.me.query())).toBe('SESSION_ENDED')

  await again.session.signOut.mutate()
  expect(await codeOf(again.session.me.query())).toBe('NOT_SIGNED_IN')
})

test('signing in gives a client of its own, and leaves the one it was asked of as it was', async () => {
  const stranger = createRosterClient({ url })
  const first = await stranger.signIn(credentials)
  const second = await first.signIn(credentials)
  expect(await Promise.all([first, second, stranger].map((client) => codeOf(client.session.me.query())))).toEqual(['answered', 'answered', 'NOT_SIGNED_IN'])
  expect(second.cookie).not.toBe(first.cookie)
  expect(stranger.cookie).toBeNull()
})

test('reads made at once share requests, and what refuses to be batched is sent alone', async () => {
  const sent: string[] = []
  const counted: Fetch = (input, init) => {
    sent.push(new URL(input).pathname.replace('/trpc/', ''))
    return fetch(input, init)
  }
  const client = createRosterClient({ url, cookie: ada.cookie ?? '', fetch: counted })
  await Promise.all(Array.from({ length: 25 }, () => client.session.me.query()))
  expect(sent).toHaveLength(3)
  expect(await Promise.all([codeOf(client.signIn(credentials)), codeOf(client.signIn(credentials))])).toEqual(['answered', 'answered'])
})

test('a read may name ten thousand people', async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`)
  expect(await codeOf(ada.user.previewBulk.query({ selection: { kind: 'ids', ids }, action: { kind: 'suspend' } }))).toBe('UNKNOWN_IDS')
})

test('a server that can’t be reached is no refusal', async () => {
  const error: unknown = await createRosterClient({ url: 'http://127.0.0.1:9' })
    .setup.status.query()
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(refusalOf(error)).toBeNull()
})

test('nobody follows what changes without a session', async () => {
  expect(await codeOf(createRosterClient({ url }).follow().next())).toBe('NOT_SIGNED_IN')
})

test('whoever follows is connected again when the server comes back, until they have heard enough', async () => {
  const enough = new AbortController()
  const heard: string[] = []
  for await (const change of ada.follow({ signal: enough.signal })) {
    heard.push(change.kind)
    if (heard.length === 2) enough.abort()
    if (heard.length > 1) continue
    await server.stop()
    server = await startRoster(database.url, Number(new URL(url).port))
  }
  expect(heard).toEqual(['hello', 'hello'])
})
