import { dayOf } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance, testNode } from '../../test/support/instance.ts'
import { connectedStream } from '../../test/support/stream.ts'
import { expireMemberships } from './expireMemberships.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, as, db, audit } = here
const addresses = await Promise.all([here, there].map(({ app }) => app.listen({ port: 0, host: '127.0.0.1' })))
const acme = await make.organization('Acme')
await db.pool.query(`UPDATE "organization" SET "timeZone" = 'Europe/Berlin' WHERE "id" = $1`, [acme.id])
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const LATER = '2999-06-30'
const END = '2999-06-30T22:00:00.000Z'

/** Creates a workspace with one member, with an expiry if given. */
async function membership(expiresAt: Date | null = null) {
  const workspace = await make.workspace({ organizationId: acme.id })
  const john = await make.user({ organizationId: acme.id })
  await make.members(workspace, [john], expiresAt)
  return { workspace, john, target: { workspaceId: workspace.id, userId: john.id } }
}
const expiryOf = async (userId: string) =>
  (
    await db.pool.query<{ expiresAt: Date | null }>(`SELECT "expiresAt" FROM "member" WHERE "userId" = $1`, [userId])
  ).rows[0]?.expiresAt?.toISOString() ?? null

test('sets, changes and clears an expiry at the end of a day in the organization’s time zone, and audits before and after', async () => {
  const { john, workspace, target } = await membership()
  const { setExpiry, list } = as(max).member
  expect(await setExpiry.mutate({ ...target, lastDay: LATER, expected: null })).toEqual({
    changed: true,
    expiresAt: END,
  })
  expect(await expiryOf(john.id)).toBe(END)
  expect((await list.query({ workspaceId: workspace.id })).rows).toMatchObject([{ userId: john.id, expiresAt: END }])
  expect((await as(ada).user.get.query({ userId: john.id })).workspaces).toMatchObject([
    { id: workspace.id, expiresAt: END },
  ])
  expect((await as(john).workspace.list.query({})).rows).toMatchObject([{ id: workspace.id, expiresAt: END }])
  expect((await as(max).workspace.list.query({ search: workspace.name })).rows).toMatchObject([
    { id: workspace.id, expiresAt: null },
  ])
  expect(await setExpiry.mutate({ ...target, lastDay: LATER, expected: END })).toEqual({
    changed: false,
    expiresAt: END,
  })
  expect(await setExpiry.mutate({ ...target, lastDay: '2999-12-31', expected: '2999-06-30T22:00:00Z' })).toMatchObject({
    expiresAt: '2999-12-31T23:00:00.000Z',
  })
  expect(await setExpiry.mutate({ ...target, lastDay: null, expected: '2999-12-31T23:00:00.000Z' })).toEqual({
    changed: true,
    expiresAt: null,
  })
  expect(await expiryOf(john.id)).toBeNull()
  expect(await audit(john.id)).toMatchObject([
    { action: 'member.setExpiry', before: { expiresAt: null }, after: { expiresAt: END } },
    { action: 'member.setExpiry', before: { expiresAt: END }, after: { expiresAt: '2999-12-31T23:00:00.000Z' } },
    { action: 'member.setExpiry', after: { expiresAt: null } },
  ])
})

test('accepts today as the last day, and refuses yesterday', async () => {
  const { target } = await membership()
  const { setExpiry } = as(max).member
  const day = (days: number) => dayOf(new Date(Date.now() + days * 86_400_000), 'Europe/Berlin')
  expect(await refusalOf(setExpiry.mutate({ ...target, lastDay: day(-1), expected: null }))).toEqual({
    code: 'DATE_IN_PAST',
    details: {},
  })
  expect(await setExpiry.mutate({ ...target, lastDay: day(0), expected: null })).toMatchObject({ changed: true })
})

test('refuses an outdated expectation with the current expiry, also for one of two concurrent calls', async () => {
  const { john, target } = await membership()
  const { setExpiry } = as(max).member
  await setExpiry.mutate({ ...target, lastDay: LATER, expected: null })
  const conflict = {
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'expiresAt', theirs: END }] },
  }
  for (const lastDay of [null, '2999-12-31'])
    expect(await refusalOf(setExpiry.mutate({ ...target, lastDay, expected: null }))).toEqual(conflict)
  expect(await expiryOf(john.id)).toBe(END)
  const both = await refusalsOf(
    [as(max), there.as(ada)].map(({ member }, i) =>
      member.setExpiry.mutate({ ...target, lastDay: `3000-01-0${i + 1}`, expected: END }),
    ),
  )
  expect(both.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(both.find((refusal) => refusal !== null)).toMatchObject({ code: 'CONFLICT' })
})

test('refuses an expiry for users who are not, or no longer, members', async () => {
  const { workspace } = await membership()
  const past = await membership(new Date(Date.now() - 1000))
  const other = await make.user({ organizationId: (await make.organization()).id })
  const nonMember = await make.user({ organizationId: acme.id })
  const notFound = { code: 'NOT_FOUND', details: { what: 'member' } }
  for (const userId of [nonMember.id, other.id])
    expect(
      await refusalOf(
        as(max).member.setExpiry.mutate({ workspaceId: workspace.id, userId, lastDay: LATER, expected: null }),
      ),
    ).toEqual(notFound)
  expect(await refusalOf(as(max).member.setExpiry.mutate({ ...past.target, lastDay: LATER, expected: null }))).toEqual(
    notFound,
  )
})

test('lets a manager with assigned scope change expiries in their workspaces, but never their own', async () => {
  const scoped = await make.organization()
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [scoped.id])
  const [mia, john] = [
    await make.user({ organizationId: scoped.id, role: 'manager' }),
    await make.user({ organizationId: scoped.id }),
  ]
  const [inside, outside] = [
    await make.workspace({ organizationId: scoped.id }),
    await make.workspace({ organizationId: scoped.id }),
  ]
  await make.members(inside, [mia, john])
  await make.members(outside, [john])
  const { setExpiry } = as(mia).member
  expect(
    await setExpiry.mutate({ workspaceId: inside.id, userId: john.id, lastDay: LATER, expected: null }),
  ).toMatchObject({ changed: true })
  expect(
    await refusalOf(setExpiry.mutate({ workspaceId: outside.id, userId: john.id, lastDay: LATER, expected: null })),
  ).toMatchObject({ code: 'NOT_FOUND' })
  await as(ada).member.setExpiry.mutate({ workspaceId: inside.id, userId: mia.id, lastDay: LATER, expected: null })
  const { expiresAt } = (await as(mia).workspace.list.query({})).rows[0] ?? { expiresAt: null }
  for (const lastDay of [null, '3000-01-01', LATER])
    expect(
      await refusalOf(setExpiry.mutate({ workspaceId: inside.id, userId: mia.id, lastDay, expected: expiresAt })),
    ).toEqual({
      code: 'OWN_MEMBERSHIP_EXPIRY',
      details: {},
    })
})

test('refuses the next call after the expiry, and closes open streams within a second without further events', async () => {
  const { john, workspace, target } = await membership()
  const { cookie } = await make.session(john)
  const before = await Promise.all(addresses.map((address) => connectedStream(address, cookie)))
  // The end of a day is too far away for a test.
  const end = new Date(Date.now() + 1_500)
  await db.pool.query(`UPDATE "member" SET "expiresAt" = $2 WHERE "userId" = $1`, [john.id, end])
  // Two streams learn of the expiry by an outbox event, the third opens afterwards.
  await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: `Soon ${workspace.id}` })
  const streams = [...before, await connectedStream(addresses[1] ?? '', cookie)]
  expect(await as(john).workspace.get.query({ workspaceId: workspace.id })).toMatchObject({
    expiresAt: end.toISOString(),
  })
  await expect
    .poll(() => refusalsOf([as(john).workspace.get.query({ workspaceId: workspace.id })]), { interval: 20 })
    .toMatchObject([{ code: 'NOT_FOUND' }])
  expect(Date.now()).toBeGreaterThanOrEqual(end.getTime())
  await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: `Over ${workspace.id}` })
  const since = performance.now()
  for (const stream of streams) {
    const { last, at } = await stream.ended()
    expect(last).toEqual({ kind: 'closed', why: 'access-changed' })
    expect(at - since).toBeLessThan(1_000)
    const received = stream.events.filter((event) => event.kind === 'changed' && event.targetId === workspace.id)
    expect(received.length).toBeLessThanOrEqual(1)
  }
  expect(
    await refusalOf(as(max).member.setExpiry.mutate({ ...target, lastDay: LATER, expected: end.toISOString() })),
  ).toMatchObject({ code: 'NOT_FOUND' })
})

test('keeps a stream open when the expiry is postponed', async () => {
  const { john, workspace, target } = await membership(new Date(Date.now() + 2_000))
  const { workspace: until } = await membership(new Date(Date.now() + 2_100))
  const stream = await connectedStream(addresses[0] ?? '', (await make.session(john)).cookie)
  await as(max).member.setExpiry.mutate({ ...target, lastDay: null, expected: await expiryOf(john.id) })
  // Another membership, which ends just after the first would have.
  const members = async () => (await as(max).member.list.query({ workspaceId: until.id })).rows
  await expect.poll(members, { interval: 20 }).toEqual([])
  await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: `Open ${workspace.id}` })
  await stream.received((event) => event.kind === 'changed' && event.targetId === workspace.id)
  expect(stream.end).toBeUndefined()
})

test('audits and publishes an expired membership once on any node, and lets the user be added again', async () => {
  await expireMemberships({ db })
  const { john, workspace } = await membership(new Date(Date.now() - 1000))
  const stays = await make.user({ organizationId: acme.id })
  await make.members(workspace, [stays], new Date(Date.now() + 60_000))
  const stream = await connectedStream(addresses[0] ?? '', (await make.session(max)).cookie)
  // A concurrent save waits for the job and is not lost.
  const [, ...expired] = await Promise.all([
    as(max).member.update.mutate({ workspaceId: workspace.id, add: [stays.id] }),
    ...[here, there].map((node) => expireMemberships({ db: node.db })),
  ])
  expect(expired.reduce((sum, n) => sum + n, 0)).toBe(1)
  expect(await audit(john.id)).toMatchObject([{ action: 'member.expired', actorId: null, through: 'system' }])
  here.services.hub.wake()
  await stream.received(
    (event) => event.kind === 'changed' && event.capability === 'member' && event.targetId === john.id,
  )
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id, add: [john.id] })).toMatchObject({
    added: [john.id],
  })
  expect(await expiryOf(stays.id)).not.toBeNull()
})

test('adds a user while the job deletes their expired membership', async () => {
  for (let round = 0; round < 8; round++) {
    const { john, workspace } = await membership(new Date(Date.now() - 1000))
    const [{ added }] = await Promise.all([
      as(round % 2 ? max : ada).member.update.mutate({ workspaceId: workspace.id, add: [john.id] }),
      expireMemberships({ db }),
      expireMemberships({ db: there.db }),
    ])
    expect(added).toEqual([john.id])
    expect((await as(max).member.list.query({ workspaceId: workspace.id })).rows).toHaveLength(1)
  }
})

test('returns the expiries of removed members, restores them when they are added again, and skips expired ones', async () => {
  const { john, workspace, target } = await membership()
  const other = await make.user({ organizationId: acme.id })
  await make.members(workspace, [other])
  await as(max).member.setExpiry.mutate({ ...target, lastDay: LATER, expected: null })
  const { update } = as(max).member
  const saved = await update.mutate({ workspaceId: workspace.id, remove: [john.id, other.id] })
  expect(saved).toMatchObject({ ends: [{ userId: john.id, expiresAt: END }] })
  const ends = [{ userId: other.id, expiresAt: new Date(Date.now() - 1000).toISOString() }, ...saved.ends]
  expect(await update.mutate({ workspaceId: workspace.id, add: [john.id, other.id], ends })).toMatchObject({
    added: [john.id],
    unchanged: 1,
    memberCount: 1,
    ends: [],
  })
  expect(await expiryOf(john.id)).toBe(END)
  // In either order, because both may have the same millisecond.
  const last = (await audit(john.id)).slice(-2).map(({ action, after }) => ({ action, after }))
  expect(last).toContainEqual({ action: 'member.setExpiry', after: { expiresAt: END } })
  expect((await refusalOf(update.mutate({ workspaceId: workspace.id, add: [], ends }))).code).toBe('BAD_INPUT')
  // An existing member keeps the current expiry.
  await as(max).member.setExpiry.mutate({ ...target, lastDay: null, expected: END })
  await update.mutate({ workspaceId: workspace.id, add: [john.id], ends: saved.ends })
  expect(await expiryOf(john.id)).toBeNull()
})

test('refuses a last day that could not be sent back as the expected expiry', async () => {
  const { target } = await membership()
  const { setExpiry } = as(max).member
  expect(await refusalOf(setExpiry.mutate({ ...target, lastDay: '9999-12-31', expected: null }))).toMatchObject({
    code: 'BAD_INPUT',
  })
  const { expiresAt } = await setExpiry.mutate({ ...target, lastDay: '9998-12-31', expected: null })
  expect(await setExpiry.mutate({ ...target, lastDay: null, expected: expiresAt })).toEqual({
    changed: true,
    expiresAt: null,
  })
})
