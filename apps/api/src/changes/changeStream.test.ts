import type { BulkAction, ChangeEvent } from '@roster/domain'
import { expect, test } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import { testInstance, testNode } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'
import { raceOnce } from '../../test/support/races.ts'
import { connectedStream, followStream, openStream, type StreamEnd } from '../../test/support/stream.ts'
import { expireMemberships } from '../member/expireMemberships.ts'
import { streamRaces } from './changeStream.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, db } = here
const addresses = await Promise.all([here, there].map(({ app }) => app.listen({ port: 0, host: '127.0.0.1' })))
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const workspace = await make.workspace({ organizationId: acme.id })
const PASSWORD = 'correct horse battery'
const passwordHash = fastHash(PASSWORD)

/** A new user with a stream of one session open on both nodes, and another session on the second node. */
async function newSubscriber(role: 'manager' | 'default' = 'default') {
  const user = await make.user({ organizationId: acme.id, role, passwordHash })
  await make.members(workspace, [user])
  const session = await make.session(user)
  const streams = await Promise.all(addresses.map((address) => connectedStream(address, session.cookie)))
  const browser = browserAt(here, '192.0.2.1', session.cookie)
  return { user, session, streams, browser, elsewhere: there.as(user) }
}

/** Applies a bulk action from the other node. */
async function bulk(users: readonly { id: string }[], action: BulkAction): Promise<void> {
  const call = { selection: users.map(({ id }) => id), action }
  const { token } = await there.as(ada).user.previewBulk.query(call)
  expect(await there.as(ada).user.applyBulk.mutate({ ...call, token })).toMatchObject({ changed: users.length })
}

type Subscriber = Awaited<ReturnType<typeof newSubscriber>>

const ended = (reason: string) => ({ kind: 'ended', reason })
const accessChanged = { kind: 'closed', why: 'access-changed' }

/** What revokes a session or changes its rights, and the last event of the stream. */
const REVOCATIONS: Record<
  string,
  { role?: 'manager'; revoke: (subscriber: Subscriber) => Promise<unknown>; last: object }
> = {
  suspended: { revoke: ({ user }) => here.as(ada).user.suspend.mutate({ userId: user.id }), last: ended('suspended') },
  deleted: {
    revoke: ({ user }) => here.as(ada).user.delete.mutate({ userId: user.id, confirmation: user.username }),
    last: ended('deleted'),
  },
  'given another password': {
    revoke: ({ user }) => here.as(ada).user.setPassword.mutate({ userId: user.id, password: 'another horse battery' }),
    last: ended('password-set-by-other'),
  },
  'signed out by others': {
    revoke: ({ user }) => here.as(ada).user.signOut.mutate({ userId: user.id }),
    last: ended('ended-by-other'),
  },
  'signed out': { revoke: ({ browser }) => browser.call('session.signOut'), last: ended('signed-out') },
  'signed in again in the same browser': {
    revoke: ({ browser, user }) => browser.signIn(user.username, PASSWORD),
    last: ended('signed-out'),
  },
  'signed out elsewhere, one session': {
    revoke: ({ elsewhere, session }) => elsewhere.session.end.mutate({ sessionId: session.id }),
    last: ended('ended-by-self'),
  },
  'signed out elsewhere, all sessions': {
    revoke: ({ elsewhere }) => elsewhere.session.end.mutate({}),
    last: ended('ended-by-self'),
  },
  'given a new password by themselves': {
    revoke: ({ elsewhere }) =>
      elsewhere.session.changePassword.mutate({ current: PASSWORD, password: 'another horse battery' }),
    last: ended('password-changed'),
  },
  'made a default user': {
    role: 'manager',
    revoke: ({ user }) => here.as(ada).user.setRole.mutate({ userId: user.id, role: 'default', expected: 'manager' }),
    last: accessChanged,
  },
  'made a manager': {
    revoke: ({ user }) => here.as(ada).user.setRole.mutate({ userId: user.id, role: 'manager', expected: 'default' }),
    last: accessChanged,
  },
  'removed from a workspace': {
    revoke: ({ user }) => here.as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [user.id] }),
    last: accessChanged,
  },
  'no longer in a workspace that they left': {
    revoke: ({ elsewhere }) => elsewhere.member.leave.mutate({ workspaceId: workspace.id }),
    last: accessChanged,
  },
}

/** Every stream ends with this event, within a second. */
async function expectEnds(ends: readonly Promise<StreamEnd>[], since: number, last: object): Promise<void> {
  for (const end of await Promise.all(ends)) {
    expect(end.last).toEqual(last)
    expect(end.at - since).toBeLessThan(1_000)
  }
}

for (const [state, { role, revoke, last }] of Object.entries(REVOCATIONS)) {
  test(`closes the streams of a user who is ${state} within a second, on every node, with the reason`, async () => {
    const subscriber = await newSubscriber(role)
    await revoke(subscriber)
    await expectEnds(
      subscriber.streams.map((stream) => stream.ended()),
      performance.now(),
      last,
    )
    const reason = 'reason' in last ? last.reason : undefined
    const reopened = await openStream(addresses[1] ?? '', subscriber.session.cookie)
    if (reason === undefined) {
      await reopened.received(({ kind }) => kind === 'hello')
      return
    }
    // For 30 days the old cookie gets the reason; after that it is unknown.
    expect((await reopened.ended()).refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason } })
    const oldBrowser = browserAt(there, '192.0.2.2', subscriber.session.cookie)
    expect(await oldBrowser.call('session.me', undefined, 'GET')).toMatchObject({
      status: 401,
      refusal: { code: 'SESSION_ENDED', details: { reason } },
    })
    await db.pool.query(`UPDATE "session" SET "endedAt" = "endedAt" - interval '30 days' WHERE "id" = $1`, [
      subscriber.session.id,
    ])
    expect(await oldBrowser.call('session.me', undefined, 'GET')).toMatchObject({
      status: 401,
      refusal: { code: 'NOT_SIGNED_IN' },
    })
  })
}

test('closes the stream of an expired session within a second, and keeps one that was extended', async () => {
  const [expired, extended] = [await newSubscriber(), await newSubscriber()]
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() + interval '1.5 seconds' WHERE "id" = ANY($1)`, [
    [expired.session.id, extended.session.id],
  ])
  // Streams that open now use the shortened expiry.
  const streams = await Promise.all(
    [expired, extended].map(({ session }) => connectedStream(addresses[0] ?? '', session.cookie)),
  )
  const since = performance.now()
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() + interval '1 hour' WHERE "id" = $1`, [
    extended.session.id,
  ])
  const end = await streams[0]?.ended()
  expect(end?.last).toEqual(ended('expired'))
  expect((end?.at ?? 0) - since).toBeLessThan(2_500)
  expect(streams[1]?.end).toBeUndefined()
  expect((await (await openStream(addresses[1] ?? '', expired.session.cookie)).ended()).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'expired' },
  })
})

test('refuses a stream to a user who must change their password', async () => {
  const { user, session } = await newSubscriber()
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = true WHERE "id" = $1`, [user.id])
  const stream = await openStream(addresses[0] ?? '', session.cookie)
  expect(await stream.ended()).toMatchObject({ last: undefined, refusal: { code: 'PASSWORD_CHANGE_REQUIRED' } })
  expect((await (await openStream(addresses[0] ?? '', '')).ended()).refusal).toEqual({
    code: 'NOT_SIGNED_IN',
    details: {},
  })
})

test('sends only visible changes: not other workspaces or users to a default user, not other organizations to a manager', async () => {
  const globex = await make.organization()
  const [other, foreign] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: globex.id }),
  ]
  const [colleague, foreignUser] = [
    await make.user({ organizationId: acme.id }),
    await make.user({ organizationId: globex.id }),
  ]
  const [max, john] = [await newSubscriber('manager'), await newSubscriber()]
  for (const node of [here, there]) {
    const client = node.as(ada)
    await client.workspace.rename.mutate({ workspaceId: other.id, name: `Other ${node === here}` })
    await client.workspace.rename.mutate({ workspaceId: foreign.id, name: `Foreign ${node === here}` })
    await client.member.update.mutate(
      node === here
        ? { workspaceId: other.id, add: [colleague.id] }
        : { workspaceId: other.id, remove: [colleague.id] },
    )
    await client.user.setLimit.mutate({
      userId: colleague.id,
      dailyLimit: node === here ? 5 : 6,
      expected: node === here ? null : 5,
    })
    await client.user.setLimit.mutate({
      userId: foreignUser.id,
      dailyLimit: node === here ? 5 : 6,
      expected: node === here ? null : 5,
    })
    await client.user.signOut.mutate({ userId: foreignUser.id })
  }
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'The last change' })
  const ids = async ({ streams }: Subscriber): Promise<Set<string | null>> => {
    const events: ChangeEvent[] = []
    for (const stream of streams) {
      await stream.received((event) => event.kind === 'changed' && event.targetId === workspace.id)
      events.push(...stream.events)
    }
    return new Set(events.flatMap((event) => (event.kind === 'changed' ? [event.targetId, event.workspaceId] : [])))
  }
  expect(await ids(john)).toEqual(new Set([workspace.id]))
  expect(await ids(max)).toEqual(new Set([workspace.id, other.id, colleague.id, null]))
})

test('sends a default user the changes that their workspaces’ member lists show, and no others', async () => {
  const [mine, other, globex] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: acme.id }),
    await make.organization(),
  ]
  const users = await make.users(Array.from({ length: 5 }, () => ({ organizationId: acme.id })))
  const [renamed, promoted, deleted, moved, outsider] = users.map(({ id, username }) => ({ userId: id, username }))
  if (!(renamed && promoted && deleted && moved && outsider)) throw new Error('five users expected')
  await make.members(mine, users.slice(0, 4))
  await make.members(other, users)
  const john = await make.user({ organizationId: acme.id })
  await make.members(mine, [john])
  const { cookie } = await make.session(john)
  const streams = await Promise.all(addresses.map((address) => connectedStream(address, cookie)))
  const client = here.as(ada)
  const memberEvents = (userId: string) =>
    Promise.all(
      streams.map((stream) =>
        stream.received(
          (event) => event.kind === 'changed' && event.capability === 'member' && event.targetId === userId,
        ),
      ),
    )

  // Changes that their member lists don't show.
  for (const userId of [renamed.userId, outsider.userId]) {
    await client.user.suspend.mutate({ userId })
    await client.user.reactivate.mutate({ userId })
    await client.profile.update.mutate({ userId, expectedVersion: 1, theme: 'dark' })
    await client.user.setLimit.mutate({ userId, dailyLimit: 5, expected: null })
  }
  await client.profile.update.mutate({ userId: outsider.userId, expectedVersion: 1, displayName: 'Renamed Outsider' })
  await client.user.delete.mutate({ userId: outsider.userId, confirmation: outsider.username })

  await client.profile.update.mutate({ userId: renamed.userId, expectedVersion: 1, displayName: 'Renamed' })
  await client.user.setRole.mutate({ userId: promoted.userId, role: 'manager', expected: 'default' })
  await client.user.delete.mutate({ userId: deleted.userId, confirmation: deleted.username })
  await client.user.move.mutate({ userId: moved.userId, organizationId: globex.id, role: 'default', expected: acme.id })
  const credential = { kind: 'link' } as const
  const { user: added } = await client.user.create.mutate({
    username: 'new.colleague',
    organizationId: acme.id,
    workspaceIds: [mine.id],
    credential,
  })
  for (const { userId } of [renamed, promoted, deleted, moved, { userId: added.id }]) await memberEvents(userId)
  const changes = streams.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'changed' ? [event] : [])))
  const colleagues = [renamed, promoted, deleted, moved].map(({ userId }) => userId)
  expect(changes.filter(({ targetId }) => ![...colleagues, added.id].includes(targetId ?? ''))).toEqual([])
  expect(new Set(changes.map(({ workspaceId }) => workspaceId))).toEqual(new Set([null]))
  // One event for each node, and not one for each shared workspace.
  expect(changes.filter(({ targetId }) => targetId === renamed.userId)).toHaveLength(2)

  // An expired membership is announced when housekeeping records it.
  await db.pool.query(`UPDATE "member" SET "expiresAt" = now() WHERE "workspaceId" = $1 AND "userId" = $2`, [
    mine.id,
    renamed.userId,
  ])
  await expireMemberships({ db })
  here.services.hub.wake()
  const isMine = (event: ChangeEvent) =>
    event.kind === 'changed' && event.capability === 'member' && event.workspaceId === mine.id
  expect(await Promise.all(streams.map((stream) => stream.received(isMine)))).toMatchObject([
    { targetId: renamed.userId },
    { targetId: renamed.userId },
  ])
})

/** Opens a stream that continues after an event, on the second node, and waits for its greeting. */
async function resume(cookie: string, given: Parameters<typeof openStream>[2]) {
  const stream = await openStream(addresses[1] ?? '', cookie, given)
  const hello = await stream.received(({ kind }) => kind === 'hello')
  return { stream, resumed: hello.kind === 'hello' && hello.resumed }
}
const isChange = (targetId: string) => (event: ChangeEvent) => event.kind === 'changed' && event.targetId === targetId

test('continues after the last event on any node, by header or input, with the visible changes that were missed', async () => {
  const { session, streams } = await newSubscriber()
  const [stream] = streams
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'Before' })
  await stream?.received(isChange(workspace.id))
  const lastEventId = stream?.lastEventId ?? ''
  const invisible = await here.as(ada).workspace.create.mutate({ name: 'Not theirs' })
  const colleague = await make.user({ organizationId: acme.id })
  await here.as(ada).member.update.mutate({ workspaceId: workspace.id, add: [colleague.id] })
  for (const given of [{ lastEventId }, { input: { lastEventId } }]) {
    const { stream: resumed, resumed: isResumed } = await resume(session.cookie, given)
    expect(isResumed).toBe(true)
    await resumed.received((event) => event.kind === 'changed' && event.capability === 'member')
    expect(resumed.events.some(isChange(invisible.id))).toBe(false)
    expect(resumed.events[0]?.kind).toBe('hello')
  }
})

test('tells a client to fetch everything again when it can’t know what was missed', async () => {
  const { user, session, streams } = await newSubscriber()
  const lastEventId = streams[0]?.lastEventId ?? ''
  expect((await resume(session.cookie, {})).resumed).toBe(false)
  const stranger = await newSubscriber()
  for (const id of [lastEventId.replace(/.$/u, '_'), '0', 'nonsense', stranger.streams[0]?.lastEventId ?? ''])
    expect([id, (await resume(session.cookie, { lastEventId: id })).resumed]).toEqual([id, false])

  // The user saw one workspace more, so no event says what to remove from the screen.
  const other = await make.workspace({ organizationId: acme.id })
  await make.members(other, [user])
  const both = await connectedStream(addresses[0] ?? '', session.cookie)
  const before = both.lastEventId ?? ''
  expect((await resume(session.cookie, { lastEventId: before })).resumed).toBe(true)
  await here.as(ada).member.update.mutate({ workspaceId: other.id, remove: [user.id] })
  await both.ended()
  for (const id of [before, both.lastEventId ?? ''])
    expect((await resume(session.cookie, { lastEventId: id })).resumed).toBe(false)
})

test('tells a client to fetch everything again after very many changes', async () => {
  const { session, streams } = await newSubscriber('manager')
  const lastEventId = streams[0]?.lastEventId ?? ''
  const write = (count: number) =>
    db.pool.query(
      `INSERT INTO "outbox_event" ("organizationId", "capability", "targetId") SELECT $1, 'workspace', gen_random_uuid() FROM generate_series(1, $2::int)`,
      [acme.id, count],
    )
  await write(200)
  const { stream, resumed } = await resume(session.cookie, { lastEventId })
  expect(resumed).toBe(true)
  await stream.received((event) => event.kind === 'changed' && event.targetId === null)
  await write(1)
  expect((await resume(session.cookie, { lastEventId })).resumed).toBe(false)
})

test('rejects an event id that is too long', async () => {
  const { session } = await newSubscriber()
  const stream = await openStream(addresses[0] ?? '', session.cookie, { lastEventId: 'x'.repeat(101) })
  expect((await stream.ended()).refusal).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['lastEventId'], code: 'TOO_LONG' }] },
  })
})

test('two hundred streams receive every change, coalesce a bulk action, and close when their users are suspended', async () => {
  const users = await make.users(Array.from({ length: 200 }, () => ({ organizationId: acme.id })))
  await make.members(workspace, users)
  const colleagues = await make.users(Array.from({ length: 200 }, () => ({ organizationId: acme.id })))
  await make.members(workspace, colleagues)
  const cookies: string[] = []
  for (const user of users) cookies.push((await make.session(user)).cookie)
  const streams = await Promise.all(cookies.map((cookie, i) => followStream(addresses[i % 2] ?? '', cookie)))
  await Promise.all(streams.map((stream) => stream.received(({ kind }) => kind === 'hello')))
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'First change' })
  await Promise.all(
    streams.map((stream) => stream.received((event) => event.kind === 'changed' && event.targetId === workspace.id)),
  )
  const startedAt = performance.now()
  await bulk(colleagues, { kind: 'setRole', role: 'manager' })
  const before = streams.map(({ events }) => events.length)
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'Last change' })
  await Promise.all(
    streams.map(({ events, received }, i) =>
      received(
        (event) =>
          event.kind === 'changed' && event.targetId === workspace.id && events.indexOf(event) >= (before[i] ?? 0),
      ),
    ),
  )
  const windows = Math.ceil((performance.now() - startedAt) / 1_000) + 1
  for (const { events } of streams) {
    const memberChanges = events.filter((event) => event.kind === 'changed' && event.capability === 'member')
    expect(memberChanges.length).toBeGreaterThan(0)
    expect(memberChanges.length).toBeLessThanOrEqual(1 + 5 * windows)
  }
  await bulk(users, { kind: 'suspend' })
  const since = performance.now()
  for (const { last, refusal, at } of await Promise.all(streams.map((stream) => stream.ended()))) {
    expect(refusal?.details ?? last).toMatchObject({ reason: 'suspended' })
    expect(at - since).toBeLessThan(1_000)
  }
})

raceOnce(await streamRaces([here, there]), 10)
