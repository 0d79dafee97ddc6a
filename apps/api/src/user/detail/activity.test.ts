import { encodeCursor, flushRefusals } from '@roster/db'
import type { ActivityRow } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const [acme, other] = [await make.organization('Acme'), await make.organization('Other')]
const root = await make.user({ organizationId: other.id, username: 'root', role: 'administrator', passwordHash: 'x' })
const eve = await make.user({ organizationId: acme.id, username: 'eve', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Müller', role: 'manager' })
const did = async (reader: { id: string }, userId: string) =>
  (await as(reader).user.activity.query({ userId, direction: 'did' })).rows
const done = async (reader: { id: string }, userId: string) =>
  (await as(reader).user.activity.query({ userId, direction: 'done' })).rows
const actions = (rows: ActivityRow[]) => rows.map(({ action }) => action)

test('lists events with a user as target, latest first, with actor, channel, before and after; leaves out events by the user', async () => {
  const john = await make.user({ organizationId: acme.id, username: 'john', displayName: 'John Doe' })
  await as(max).user.setLimit.mutate({ userId: john.id, dailyLimit: 5, expected: null })
  await as(john).profile.update.mutate({ userId: john.id, expectedVersion: 1, about: 'Sells.' })
  await as(max).user.suspend.mutate({ userId: john.id })
  expect(await done(max, john.id)).toMatchObject([
    {
      action: 'user.suspend',
      outcome: 'allowed',
      actor: { id: max.id, name: 'Max Müller' },
      target: { id: john.id, name: 'John Doe' },
      through: 'session',
    },
    {
      action: 'user.setLimit',
      before: { dailyLimit: null },
      after: { dailyLimit: 5 },
      address: '127.0.0.1',
      count: 1,
      code: null,
    },
  ])
  expect(await did(max, john.id)).toMatchObject([
    { action: 'profile.update', actor: { id: john.id, name: 'John Doe' }, after: { about: 'Sells.' } },
  ])
  expect(actions(await did(eve, max.id)).slice(0, 2)).toEqual(['user.suspend', 'user.setLimit'])
})

test('lists refusals with reason and count', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  for (let i = 0; i < 3; i++) await refusalOf(as(mia).user.suspend.mutate({ userId: eve.id }))
  await db.pool.query(`UPDATE "refusal_count" SET "minute" = "minute" - interval '2 minutes'`)
  await flushRefusals(db.prisma)
  const refused = {
    action: 'user.suspend',
    outcome: 'refused',
    code: 'TARGET_NOT_ALLOWED',
    count: 3,
    target: { kind: 'user', id: eve.id, name: 'eve' },
  }
  expect(await did(max, mia.id)).toMatchObject([refused])
  expect(await done(max, eve.id)).toMatchObject([refused])
})

test('lists a save of many members as one event of its author, and as one event of each member', async () => {
  const [author, nia] = [
    await make.user({ organizationId: acme.id, role: 'manager' }),
    await make.user({ organizationId: acme.id }),
  ]
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Research' })
  await as(author).member.update.mutate({ workspaceId: workspace.id, add: [nia.id, max.id] })
  expect(await did(max, author.id)).toMatchObject([
    { action: 'member.update', after: { added: 2, removed: 0 }, target: { name: 'Research' } },
  ])
  expect(await done(max, nia.id)).toMatchObject([
    { action: 'member.added', workspace: { id: workspace.id, name: 'Research' } },
  ])
})

test('pages by key in both directions without gaps or repeats, also among simultaneous events', async () => {
  const kim = await make.user({ organizationId: acme.id })
  await db.pool.query(
    `INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "action", "targetKind", "targetId", "outcome")
     SELECT gen_random_uuid(), date_trunc('second', now()) - make_interval(secs => n / 7), $1, $2, 'session', 'user.suspend', 'user', $3, 'allowed' FROM generate_series(1, 60) n`,
    [acme.id, max.id, kim.id],
  )
  const read = (page: object) =>
    as(max).user.activity.query({ userId: kim.id, direction: 'done', page: { size: 25, ...page } })
  const first = await read({})
  const second = await read({ after: first.after })
  const third = await read({ after: second.after })
  const ids = [...first.rows, ...second.rows, ...third.rows].map(({ id }) => id)
  expect([new Set(ids).size, third.after, first.before]).toEqual([60, null, null])
  expect((await read({ before: second.before })).rows).toEqual(first.rows)
  const times = [...first.rows, ...second.rows, ...third.rows].map(({ at }) => at)
  expect(times).toEqual(times.toSorted().toReversed())
  for (const after of ['x', Buffer.from(JSON.stringify({ v: 'infinity', i: kim.id })).toString('base64url')])
    expect((await refusalOf(read({ after }))).code).toBe('BAD_INPUT')
})

test('hides actors, addresses and values of other organizations and of the instance from a manager', async () => {
  const sam = await make.user({ organizationId: other.id, username: 'sam', displayName: 'Sam Secret', role: 'manager' })
  const elsewhere = await make.workspace({ organizationId: other.id, name: 'Secret workspace' })
  await make.members(elsewhere, [sam])
  await as(root).user.setLimit.mutate({ userId: sam.id, dailyLimit: 77, expected: null })
  await as(root).user.move.mutate({ userId: sam.id, organizationId: acme.id, expected: other.id })
  await as(root).user.setLimit.mutate({ userId: sam.id, dailyLimit: 5, expected: 77 })
  const rows = await done(max, sam.id)
  expect(rows).toMatchObject([
    {
      action: 'user.setLimit',
      actor: { id: null, name: null },
      address: null,
      before: { dailyLimit: 77 },
      after: { dailyLimit: 5 },
    },
    {
      action: 'user.move',
      actor: { id: null, name: null },
      before: null,
      after: { organizationId: acme.id, role: 'default' },
      names: { [acme.id]: 'Acme' },
    },
  ])
  expect(JSON.stringify(rows)).not.toMatch(
    new RegExp(`root|${root.id}|${other.id}|${elsewhere.id}|Secret workspace|Other`, 'u'),
  )
  expect(actions(await done(root, sam.id))).toEqual(['user.setLimit', 'user.move', 'user.move', 'user.setLimit'])
  expect((await done(root, sam.id))[0]).toMatchObject({ actor: { id: root.id, name: 'root' }, address: '127.0.0.1' })

  // Events of the organization's own administrator elsewhere, or on the instance, are not in the manager's log.
  const outsider = await make.user({ organizationId: other.id, username: 'outsider' })
  await as(eve).user.suspend.mutate({ userId: outsider.id })
  await as(eve).setup.nameInstance.mutate({ name: 'Renamed', supportAddress: null })
  await as(eve).user.setLimit.mutate({ userId: sam.id, dailyLimit: 6, expected: 5 })
  await recordExport(eve, { users: 12_345, filter: JSON.stringify({ organizationId: other.id }) })
  const events = await did(max, eve.id)
  expect(actions(events)).toEqual(['user.export', 'user.setLimit'])
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`12345|${other.id}`, 'u'))
  expect(actions(await did(root, eve.id))).toEqual([
    'user.export',
    'user.setLimit',
    'setup.nameInstance',
    'user.suspend',
  ])
  expect((await refusalOf(did(max, outsider.id))).code).toBe('NOT_FOUND')
})

/** Inserts an event like the export route's. */
async function recordExport(
  { id, organizationId }: { id: string; organizationId: string },
  after: object,
): Promise<void> {
  await db.pool.query(
    `WITH e AS (
       INSERT INTO "audit_event" ("id", "organizationId", "actorId", "through", "action", "targetKind", "targetId", "outcome")
       VALUES (gen_random_uuid(), $1, $2, 'session', 'user.export', 'organization', $1, 'allowed') RETURNING "id", "at"
     ) INSERT INTO "audit_text" ("eventId", "at", "after") SELECT "id", "at", $3 FROM e`,
    [organizationId, id, JSON.stringify(after)],
  )
}

test('hides events in other workspaces from a manager with assigned scope', async () => {
  const scoped = await make.organization('Scoped')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [scoped.id])
  const [mia, user] = [
    await make.user({ organizationId: scoped.id, role: 'manager' }),
    await make.user({ organizationId: scoped.id }),
  ]
  const [inside, outside] = [
    await make.workspace({ organizationId: scoped.id, name: 'Inside' }),
    await make.workspace({ organizationId: scoped.id, name: 'Outside' }),
  ]
  await make.members(inside, [mia])
  const admin = await make.user({ organizationId: scoped.id, role: 'administrator' })
  for (const workspace of [inside, outside])
    await as(admin).member.update.mutate({ workspaceId: workspace.id, add: [user.id] })
  await as(admin).workspace.rename.mutate({ workspaceId: outside.id, name: 'Far outside' })
  const created = await as(admin).user.create.mutate({
    username: 'created',
    organizationId: scoped.id,
    workspaceIds: [inside.id, outside.id],
    credential: { kind: 'link' },
  })
  const rows = [...(await done(mia, user.id)), ...(await did(mia, admin.id)), ...(await done(mia, created.user.id))]
  expect(actions(rows)).toEqual(['member.added', 'user.create', 'member.update', 'user.create'])
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`utside|${outside.id}`, 'u'))
  expect(JSON.stringify(rows)).toContain('Inside')
})

test('shows a default user only their own sign-ins', async () => {
  const pat = await make.user({ organizationId: acme.id })
  const { organizationId, id } = pat
  await as(pat).profile.update.mutate({ userId: id, expectedVersion: 1, about: 'Me.' })
  await db.pool.query(
    `INSERT INTO "audit_event" ("id", "organizationId", "actorId", "through", "action", "targetKind", "targetId", "outcome")
     VALUES (gen_random_uuid(), $1, $2, 'session', 'session.signIn', 'session', gen_random_uuid(), 'allowed')`,
    [organizationId, id],
  )
  await as(max).user.setLimit.mutate({ userId: id, dailyLimit: 5, expected: null })
  expect(actions(await did(pat, id))).toEqual(['session.signIn'])
  expect(await done(pat, id)).toEqual([])
  expect((await refusalOf(did(pat, max.id))).code).toBe('NOT_FOUND')
})

test('refuses a cursor with an impossible timestamp', async () => {
  for (const value of ['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', 'x']) {
    const page = { after: encodeCursor({ value, id: max.id }) }
    expect(await refusalOf(as(eve).user.activity.query({ userId: max.id, direction: 'did', page }))).toMatchObject({
      code: 'BAD_INPUT',
    })
  }
})
