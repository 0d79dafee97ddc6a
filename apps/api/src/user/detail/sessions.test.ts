import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, db, audit } = await testInstance()
const [acme, other] = [await make.organization('Acme'), await make.organization('Other')]
const ada = await make.user({ organizationId: other.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const eve = await make.user({ organizationId: acme.id, username: 'eve', role: 'administrator' })
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Müller', role: 'manager' })
const mia = await make.user({ organizationId: acme.id, username: 'mia', role: 'manager' })
const john = await make.user({ organizationId: acme.id, username: 'john' })
const kim = await make.user({ organizationId: acme.id, username: 'kim' })

test('lists a user’s open and ended sessions with reason and author, and no secret', async () => {
  const [open, one, two, three] = [
    await make.session(john),
    await make.session(john),
    await make.session(john),
    await make.session(john),
  ]
  await db.pool.query(`UPDATE "session" SET "device" = 'Firefox on Windows', "address" = '192.0.2.7' WHERE "id" = $1`, [
    open.id,
  ])
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() - interval '1 minute' WHERE "id" = $1`, [three.id])
  expect(await as(max).user.endSession.mutate({ userId: john.id, sessionId: one.id })).toEqual({ ended: 1 })
  expect(await as(ada).user.endSession.mutate({ userId: john.id, sessionId: two.id })).toEqual({ ended: 1 })
  const sessions = await as(max).user.sessions.query({ userId: john.id })
  expect(sessions.open).toMatchObject([
    { id: open.id, device: 'Firefox on Windows', address: '192.0.2.7', current: false },
  ])
  expect(new Map(sessions.ended.map(({ id, ...row }) => [id, row]))).toMatchObject(
    new Map([
      // The administrator belongs to another organization, so the manager does not see the name.
      [two.id, { reason: 'ended-by-other', endedBy: null }],
      [one.id, { reason: 'ended-by-other', endedBy: { id: max.id, name: 'Max Müller' } }],
      [three.id, { reason: 'expired', endedBy: null }],
    ]),
  )
  expect((await as(ada).user.sessions.query({ userId: john.id })).ended.find(({ id }) => id === two.id)).toMatchObject({
    endedBy: { name: 'ada' },
  })
  const { rows } = await db.pool.query<{ hash: string }>(
    `SELECT encode("tokenHash", 'hex') AS "hash" FROM "session" WHERE "userId" = $1`,
    [john.id],
  )
  for (const { hash } of rows) expect(JSON.stringify(sessions)).not.toContain(hash)
})

test('ends one session and keeps the others; a repeated call changes and audits nothing', async () => {
  const [ended, open] = [await make.session(kim), await make.session(kim)]
  const target = { userId: kim.id, sessionId: ended.id }
  expect(await as(max).user.endSession.mutate(target)).toEqual({ ended: 1 })
  expect(await as(max).user.endSession.mutate(target)).toEqual({ ended: 0 })
  expect((await as(max).user.sessions.query({ userId: kim.id })).open.map(({ id }) => id)).toEqual([open.id])
  expect(await audit(kim.id)).toMatchObject([
    { action: 'user.endSession', actorId: max.id, after: { sessions: [ended.id] } },
  ])
})

test('refuses sessions of users that the actor does not outrank, and mismatched users and sessions', async () => {
  const outsider = await make.user({ organizationId: other.id })
  for (const [actor, target, code] of [
    [max, eve, 'TARGET_NOT_ALLOWED'],
    [max, mia, 'TARGET_NOT_ALLOWED'],
    [max, max, 'TARGET_NOT_ALLOWED'],
    [max, outsider, 'NOT_FOUND'],
    [ada, ada, 'TARGET_NOT_ALLOWED'],
    [john, kim, 'ROLE_LACKS_ACTION'],
    [john, john, 'ROLE_LACKS_ACTION'],
  ] as const) {
    const { id: sessionId } = await make.session(target)
    expect((await refusalOf(as(actor).user.sessions.query({ userId: target.id }))).code).toBe(code)
    expect((await refusalOf(as(actor).user.endSession.mutate({ userId: target.id, sessionId }))).code).toBe(code)
    const another = await make.user({ organizationId: acme.id })
    const mismatched = as(max).user.endSession.mutate({ userId: another.id, sessionId })
    expect(await refusalOf(mismatched)).toMatchObject({ code: 'NOT_FOUND', details: { what: 'session' } })
    expect(
      (await db.pool.query(`SELECT 1 FROM "session" WHERE "id" = $1 AND "endedAt" IS NULL`, [sessionId])).rowCount,
    ).toBe(1)
  }
})

test('hides sessions from before a move from the new organization’s managers', async () => {
  const nia = await make.user({ organizationId: other.id })
  const before = await make.session(nia)
  await as(ada).user.move.mutate({ userId: nia.id, organizationId: acme.id, expected: other.id })
  const after = await make.session(nia)
  expect(await as(max).user.sessions.query({ userId: nia.id })).toMatchObject({ open: [{ id: after.id }], ended: [] })
  expect((await as(ada).user.sessions.query({ userId: nia.id })).ended).toMatchObject([
    { id: before.id, reason: 'moved' },
  ])
})
