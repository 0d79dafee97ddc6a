import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../testing/instance.ts'

const { make, as, db, audit } = await testInstance()
const [acme, other] = [await make.organization('Acme'), await make.organization('Other')]
const ada = await make.user({ organizationId: other.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const eve = await make.user({ organizationId: acme.id, username: 'eve', role: 'administrator' })
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Müller', role: 'manager' })
const mia = await make.user({ organizationId: acme.id, username: 'mia', role: 'manager' })
const john = await make.user({ organizationId: acme.id, username: 'john' })
const kim = await make.user({ organizationId: acme.id, username: 'kim' })

test('who outranks somebody sees their sessions, open and over, with why and by whom, and never a secret', async () => {
  const [open, one, two, three] = [await make.session(john), await make.session(john), await make.session(john), await make.session(john)]
  await db.pool.query(`UPDATE "session" SET "device" = 'Firefox on Windows', "address" = '192.0.2.7' WHERE "id" = $1`, [open.id])
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() - interval '1 minute' WHERE "id" = $1`, [three.id])
  expect(await as(max).user.endSession.mutate({ userId: john.id, sessionId: one.id })).toEqual({ ended: 1 })
  expect(await as(ada).user.endSession.mutate({ userId: john.id, sessionId: two.id })).toEqual({ ended: 1 })
  const expected = await as(max).user.sessions.query({ userId: john.id })
  expect(expected.open).toMatchObject([{ id: open.id, device: 'Firefox on Windows', address: '192.0.2.7', current: false }])
  expect(new Map(expected.ended.map(({ id, ...row }) => [id, row]))).toMatchObject(
    new Map([
      // The administrator is of another organization: a manager isn't told their name.
      [two.id, { reason: 'ended-by-other', endedBy: null }],
      [one.id, { reason: 'ended-by-other', endedBy: { id: max.id, name: 'Max Müller' } }],
      [three.id, { reason: 'expired', endedBy: null }],
    ]),
  )
  expect((await as(ada).user.sessions.query({ userId: john.id })).ended.find(({ id }) => id === two.id)).toMatchObject({ endedBy: { name: 'ada' } })
  const { rows } = await db.pool.query<{ hash: string }>(`SELECT encode("tokenHash", 'hex') AS "hash" FROM "session" WHERE "userId" = $1`, [john.id])
  for (const { hash } of rows) expect(JSON.stringify(expected)).not.toContain(hash)
})

test('one session is ended and the others go on; a second time there is nothing to end, and nothing is written down', async () => {
  const [goes, stays] = [await make.session(kim), await make.session(kim)]
  const target = { userId: kim.id, sessionId: goes.id }
  expect(await as(max).user.endSession.mutate(target)).toEqual({ ended: 1 })
  expect(await as(max).user.endSession.mutate(target)).toEqual({ ended: 0 })
  expect((await as(max).user.sessions.query({ userId: kim.id })).open.map(({ id }) => id)).toEqual([stays.id])
  expect(await audit(kim.id)).toMatchObject([{ action: 'user.endSession', actorId: max.id, after: { sessions: [goes.id] } }])
})

test('nobody sees or ends sessions of whom they don’t outrank, or through somebody whose they are not', async () => {
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
    const through = as(max).user.endSession.mutate({ userId: another.id, sessionId })
    expect(await refusalOf(through)).toMatchObject({ code: 'NOT_FOUND', details: { what: 'session' } })
    expect((await db.pool.query(`SELECT 1 FROM "session" WHERE "id" = $1 AND "endedAt" IS NULL`, [sessionId])).rowCount).toBe(1)
  }
})

test('a manager learns nothing of where somebody was signed in before they were moved', async () => {
  const nia = await make.user({ organizationId: other.id })
  const before = await make.session(nia)
  await as(ada).user.move.mutate({ userId: nia.id, organizationId: acme.id, expected: other.id })
  const after = await make.session(nia)
  expect(await as(max).user.sessions.query({ userId: nia.id })).toMatchObject({ open: [{ id: after.id }], ended: [] })
  expect((await as(ada).user.sessions.query({ userId: nia.id })).ended).toMatchObject([{ id: before.id, reason: 'moved' }])
})
