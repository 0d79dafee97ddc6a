import type { BulkAction, ChangeEvent } from '@roster/domain'
import { expect, test } from 'vitest'
import { expireMemberships } from '../member/expireMemberships.ts'
import { browserAt } from '../testing/browser.ts'
import { testInstance, testNode } from '../testing/instance.ts'
import { fastHash } from '../testing/password.ts'
import { raceOnce } from '../testing/races.ts'
import { connectedStream, followStream, openStream, type StreamEnd } from '../testing/stream.ts'
import { streamRaces } from './changeStream.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, db } = here
const addresses = await Promise.all([here, there].map(({ app }) => app.listen({ port: 0, host: '127.0.0.1' })))
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const workspace = await make.workspace({ organizationId: acme.id })
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)

/** Somebody with a session whose streams are open at both nodes, and another session. */
async function newReader(role: 'manager' | 'default' = 'default') {
  const user = await make.user({ organizationId: acme.id, role, passwordHash })
  await make.members(workspace, [user])
  const session = await make.session(user)
  const streams = await Promise.all(addresses.map((address) => connectedStream(address, session.cookie)))
  const browser = browserAt(here, '192.0.2.1', session.cookie)
  return { user, session, streams, browser, elsewhere: there.as(user) }
}
/** Do the same to many, from the other node. */
async function bulk(users: readonly { id: string }[], action: BulkAction): Promise<void> {
  const call = { selection: { kind: 'ids' as const, ids: users.map(({ id }) => id) }, action }
  const { token } = await there.as(ada).user.previewBulk.query(call)
  expect(await there.as(ada).user.applyBulk.mutate({ ...call, token })).toMatchObject({ changed: users.length })
}
type Reader = Awaited<ReturnType<typeof newReader>>

const ended = (reason: string) => ({ kind: 'ended', reason })
const changed = { kind: 'closed', why: 'access-changed' }

/** Ways to be cut off, and the last thing a stream says. */
const CUTS: Record<string, { role?: 'manager'; cut: (reader: Reader) => Promise<unknown>; last: object }> = {
  suspended: { cut: ({ user }) => here.as(ada).user.suspend.mutate({ userId: user.id }), last: ended('suspended') },
  deleted: { cut: ({ user }) => here.as(ada).user.delete.mutate({ userId: user.id, confirmation: user.username }), last: ended('deleted') },
  'given another password': {
    cut: ({ user }) => here.as(ada).user.setPassword.mutate({ userId: user.id, password: 'another horse battery' }),
    last: ended('password-set-by-other'),
  },
  'signed out by others': { cut: ({ user }) => here.as(ada).user.signOut.mutate({ userId: user.id }), last: ended('ended-by-other') },
  'signed out': { cut: ({ browser }) => browser.call('session.signOut'), last: ended('signed-out') },
  'signed in anew in the same browser': { cut: ({ browser, user }) => browser.signIn(user.username, RIGHT), last: ended('signed-out') },
  'signed out elsewhere, one session': {
    cut: ({ elsewhere, session }) => elsewhere.session.end.mutate({ sessionId: session.id }),
    last: ended('ended-by-self'),
  },
  'signed out elsewhere, all sessions': { cut: ({ elsewhere }) => elsewhere.session.end.mutate({}), last: ended('ended-by-self') },
  'of a new password': {
    cut: ({ elsewhere }) => elsewhere.session.changePassword.mutate({ current: RIGHT, password: 'another horse battery' }),
    last: ended('password-changed'),
  },
  'made a default user': {
    role: 'manager',
    cut: ({ user }) => here.as(ada).user.setRole.mutate({ userId: user.id, role: 'default', expected: 'manager' }),
    last: changed,
  },
  'made a manager': { cut: ({ user }) => here.as(ada).user.setRole.mutate({ userId: user.id, role: 'manager', expected: 'default' }), last: changed },
  'taken out of a workspace': { cut: ({ user }) => here.as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [user.id] }), last: changed },
  'gone from a workspace': { cut: ({ elsewhere }) => elsewhere.member.leave.mutate({ workspaceId: workspace.id }), last: changed },
}

/** The streams end with what they should say, within a second. */
async function expectEnds(ends: readonly Promise<StreamEnd>[], since: number, last: object): Promise<void> {
  for (const end of await Promise.all(ends)) {
    expect(end.last).toEqual(last)
    expect(end.at - since).toBeLessThan(1_000)
  }
}

for (const [how, { role, cut, last }] of Object.entries(CUTS)) {
  test(`the streams of somebody who is ${how} close within a second, on every node, and say why`, async () => {
    const reader = await newReader(role)
    await cut(reader)
    await expectEnds(
      reader.streams.map((stream) => stream.ended()),
      performance.now(),
      last,
    )
    const reason = 'reason' in last ? last.reason : undefined
    const again = await openStream(addresses[1] ?? '', reader.session.cookie)
    if (reason === undefined) {
      await again.heard(({ kind }) => kind === 'hello')
      return
    }
    // The old cookie is told for 30 days, and is a stranger’s then.
    expect((await again.ended()).refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason } })
    const old = browserAt(there, '192.0.2.2', reader.session.cookie)
    expect(await old.call('session.me', undefined, 'GET')).toMatchObject({ status: 401, refusal: { code: 'SESSION_ENDED', details: { reason } } })
    await db.pool.query(`UPDATE "session" SET "endedAt" = "endedAt" - interval '30 days' WHERE "id" = $1`, [reader.session.id])
    expect(await old.call('session.me', undefined, 'GET')).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
  })
}

test('a session that ends by itself takes its stream with it within a second, and one whose end was put off does not', async () => {
  const [goes, stays] = [await newReader(), await newReader()]
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() + interval '1.5 seconds' WHERE "id" = ANY($1)`, [[goes.session.id, stays.session.id]])
  // Streams that are opened now know of it.
  const streams = await Promise.all([goes, stays].map(({ session }) => connectedStream(addresses[0] ?? '', session.cookie)))
  const since = performance.now()
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() + interval '1 hour' WHERE "id" = $1`, [stays.session.id])
  const end = await streams[0]?.ended()
  expect(end?.last).toEqual(ended('expired'))
  expect((end?.at ?? 0) - since).toBeLessThan(2_500)
  expect(streams[1]?.end).toBeUndefined()
  expect((await (await openStream(addresses[1] ?? '', goes.session.cookie)).ended()).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'expired' },
  })
})

test('whoever has to choose a new password first hears nothing', async () => {
  const reader = await newReader()
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = true WHERE "id" = $1`, [reader.user.id])
  const stream = await openStream(addresses[0] ?? '', reader.session.cookie)
  expect(await stream.ended()).toMatchObject({ last: undefined, refusal: { code: 'PASSWORD_CHANGE_REQUIRED' } })
  expect((await (await openStream(addresses[0] ?? '', '')).ended()).refusal).toEqual({ code: 'NOT_SIGNED_IN', details: {} })
})

test('nobody hears of what they may not see: a default user of other workspaces and people, a manager of other organizations', async () => {
  const globex = await make.organization()
  const [other, foreign] = [await make.workspace({ organizationId: acme.id }), await make.workspace({ organizationId: globex.id })]
  const [person, stranger] = [await make.user({ organizationId: acme.id }), await make.user({ organizationId: globex.id })]
  const [max, john] = [await newReader('manager'), await newReader()]
  for (const node of [here, there]) {
    const client = node.as(ada)
    await client.workspace.rename.mutate({ workspaceId: other.id, name: `Other ${node === here}` })
    await client.workspace.rename.mutate({ workspaceId: foreign.id, name: `Foreign ${node === here}` })
    await client.member.update.mutate(node === here ? { workspaceId: other.id, add: [person.id] } : { workspaceId: other.id, remove: [person.id] })
    await client.user.setLimit.mutate({ userId: person.id, dailyLimit: node === here ? 5 : 6, expected: node === here ? null : 5 })
    await client.user.setLimit.mutate({ userId: stranger.id, dailyLimit: node === here ? 5 : 6, expected: node === here ? null : 5 })
    await client.user.signOut.mutate({ userId: stranger.id })
  }
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'The last of it' })
  const ids = async (reader: Reader): Promise<Set<string | null>> => {
    const heard: ChangeEvent[] = []
    for (const stream of reader.streams) {
      await stream.heard((event) => event.kind === 'changed' && event.targetId === workspace.id)
      heard.push(...stream.events)
    }
    return new Set(heard.flatMap((event) => (event.kind === 'changed' ? [event.targetId, event.workspaceId] : [])))
  }
  expect(await ids(john)).toEqual(new Set([workspace.id]))
  expect(await ids(max)).toEqual(new Set([workspace.id, other.id, person.id, null]))
})

test('a default user hears what changes in their workspaces’ lists of members, and nothing of what these don’t show or of whom they don’t share one with', async () => {
  const [mine, other, globex] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: acme.id }),
    await make.organization(),
  ]
  const users = await make.users(Array.from({ length: 5 }, () => ({ organizationId: acme.id })))
  const [renamed, promoted, deleted, moved, stranger] = users.map(({ id, username }) => ({ userId: id, username }))
  if (!(renamed && promoted && deleted && moved && stranger)) throw new Error('nobody')
  await make.members(mine, users.slice(0, 4))
  await make.members(other, users)
  const john = await make.user({ organizationId: acme.id })
  await make.members(mine, [john])
  const { cookie } = await make.session(john)
  const streams = await Promise.all(addresses.map((address) => connectedStream(address, cookie)))
  const client = here.as(ada)
  const tells = (userId: string) =>
    Promise.all(streams.map((stream) => stream.heard((event) => event.kind === 'changed' && event.capability === 'member' && event.targetId === userId)))

  // What no list of theirs shows.
  for (const userId of [renamed.userId, stranger.userId]) {
    await client.user.suspend.mutate({ userId })
    await client.user.reactivate.mutate({ userId })
    await client.profile.update.mutate({ userId, expectedVersion: 1, theme: 'dark' })
    await client.user.setLimit.mutate({ userId, dailyLimit: 5, expected: null })
  }
  await client.profile.update.mutate({ userId: stranger.userId, expectedVersion: 1, displayName: 'Somebody Else' })
  await client.user.delete.mutate({ userId: stranger.userId, confirmation: stranger.username })

  await client.profile.update.mutate({ userId: renamed.userId, expectedVersion: 1, displayName: 'Renamed' })
  await client.user.setRole.mutate({ userId: promoted.userId, role: 'manager', expected: 'default' })
  await client.user.delete.mutate({ userId: deleted.userId, confirmation: deleted.username })
  await client.user.move.mutate({ userId: moved.userId, organizationId: globex.id, role: 'default', expected: acme.id })
  const credential = { kind: 'link' } as const
  const { user: added } = await client.user.create.mutate({ username: 'new.colleague', organizationId: acme.id, workspaceIds: [mine.id], credential })
  for (const { userId } of [renamed, promoted, deleted, moved, { userId: added.id }]) await tells(userId)
  const heard = streams.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'changed' ? [event] : [])))
  const colleagues = [renamed, promoted, deleted, moved].map(({ userId }) => userId)
  expect(heard.filter(({ targetId }) => ![...colleagues, added.id].includes(targetId ?? ''))).toEqual([])
  expect(new Set(heard.map(({ workspaceId }) => workspaceId))).toEqual(new Set([null]))
  // Once for each capability and node, and not once for each workspace that they share.
  expect(heard.filter(({ targetId }) => targetId === renamed.userId)).toHaveLength(2)

  // A membership that ends by itself is told once it is written down.
  await db.pool.query(`UPDATE "member" SET "expiresAt" = now() WHERE "workspaceId" = $1 AND "userId" = $2`, [mine.id, renamed.userId])
  await expireMemberships(db)
  here.services.hub.wake()
  const ofMine = (event: ChangeEvent) => event.kind === 'changed' && event.capability === 'member' && event.workspaceId === mine.id
  expect(await Promise.all(streams.map((stream) => stream.heard(ofMine)))).toMatchObject([{ targetId: renamed.userId }, { targetId: renamed.userId }])
})

test('two hundred streams all hear a change, a handful of events for two hundred more, and all close when their readers are suspended', async () => {
  const users = await make.users(Array.from({ length: 200 }, () => ({ organizationId: acme.id })))
  await make.members(workspace, users)
  const colleagues = await make.users(Array.from({ length: 200 }, () => ({ organizationId: acme.id })))
  await make.members(workspace, colleagues)
  const streams = await Promise.all(users.map(async (user, i) => followStream(addresses[i % 2] ?? '', (await make.session(user)).cookie)))
  await Promise.all(streams.map((stream) => stream.heard(({ kind }) => kind === 'hello')))
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'Heard by all' })
  await Promise.all(streams.map((stream) => stream.heard((event) => event.kind === 'changed' && event.targetId === workspace.id)))
  const begun = performance.now()
  await bulk(colleagues, { kind: 'setRole', role: 'manager' })
  const before = streams.map(({ events }) => events.length)
  await here.as(ada).workspace.rename.mutate({ workspaceId: workspace.id, name: 'Heard after all of it' })
  await Promise.all(
    streams.map(({ events, heard }, i) =>
      heard((event) => event.kind === 'changed' && event.targetId === workspace.id && events.indexOf(event) >= (before[i] ?? 0)),
    ),
  )
  const windows = Math.ceil((performance.now() - begun) / 1_000) + 1
  for (const { events } of streams) {
    const told = events.filter((event) => event.kind === 'changed' && event.capability === 'member')
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThanOrEqual(1 + 5 * windows)
  }
  await bulk(users, { kind: 'suspend' })
  const since = performance.now()
  for (const { last, refusal, at } of await Promise.all(streams.map((stream) => stream.ended()))) {
    expect(refusal?.details ?? last).toMatchObject({ reason: 'suspended' })
    expect(at - since).toBeLessThan(1_000)
  }
})

raceOnce(await streamRaces([here, there]), 10)
