import { randomUUIDv7 } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { type SendOptions, sender } from '../../test/support/send.ts'
import { hashPassword } from '../password/hash.ts'

const { app, make, anonymous, audit, db } = await testInstance()
const send = sender(app)
const PASSWORD = 'correct horse battery'
const NEW = 'a new horse altogether'
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

async function createUser(sessions = 1) {
  const user = await make.user({ organizationId: acme.id, displayName: 'Jane Doe', passwordHash })
  return { user, open: await Promise.all(Array.from({ length: sessions }, () => make.session(user))) }
}
const stateOf = async (calling: SendOptions) => {
  const { status, refusal } = await send('session.me', undefined, calling)
  return status === 200 ? 'open' : refusal?.code === 'SESSION_ENDED' ? refusal.details.reason : refusal?.code
}
const cookieIn = (headers: Record<string, string>) =>
  /roster-[0-9a-f]{8}=[\w-]{20,}/u.exec(headers['set-cookie'] ?? '')?.[0] ?? ''

test('returns the user, organization and instance of a session, and no secret', async () => {
  const { user, open } = await createUser()
  const { data } = await send('session.me', undefined, open[0])
  expect(data).toEqual({
    sessionId: open[0]?.id,
    user: {
      id: user.id,
      username: user.username,
      displayName: 'Jane Doe',
      about: null,
      role: 'default',
      organizationId: acme.id,
      dailyLimit: null,
      language: null,
      theme: null,
      timeFormat: null,
      version: 1,
    },
    organization: expect.objectContaining({ id: acme.id, name: 'Acme', timeZone: 'UTC' }),
    instance: { name: 'Roster', supportAddress: null, passwordMin: 8, changeAtFirstSignIn: false },
    passwordChangeRequired: false,
    passwordSetBy: null,
    secondFactorRequired: false,
    factorResetBy: null,
  })
})

test('ends all sessions when a user changes the password, starts a new one for the browser, and audits it', async () => {
  const { user, open } = await createUser(3)
  const [current = { cookie: '', id: '' }, ...others] = open
  const { status, headers, data } = await send('session.changePassword', { current: PASSWORD, password: NEW }, current)
  expect([status, (data as { user: { id: string } }).user.id]).toEqual([200, user.id])
  expect(await Promise.all([current, ...others].map(stateOf))).toEqual([
    'password-changed',
    'password-changed',
    'password-changed',
  ])
  expect(await stateOf({ cookie: cookieIn(headers) })).toBe('open')
  expect(
    await refusalOf(anonymous.session.signIn.mutate({ username: user.username, password: PASSWORD })),
  ).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  expect(await anonymous.session.signIn.mutate({ username: user.username, password: NEW })).toMatchObject({
    user: { id: user.id },
  })
  expect(await audit(user.id)).toMatchObject([
    { action: 'session.changePassword', actorId: user.id, before: null, after: null },
  ])
})

test('allows all calls again after a required password change', async () => {
  const { user, open } = await createUser()
  await db.pool.query(
    `UPDATE "user" SET "passwordChangeRequired" = TRUE, "passwordSetById" = $1, "passwordSetAt" = now() WHERE "id" = $1`,
    [user.id],
  )
  expect((await send('workspace.list', {}, open[0])).refusal).toEqual({ code: 'PASSWORD_CHANGE_REQUIRED', details: {} })
  const { headers, data } = await send('session.changePassword', { current: PASSWORD, password: NEW }, open[0])
  expect(data).toMatchObject({ passwordChangeRequired: false })
  expect((await send('workspace.list', {}, { cookie: cookieIn(headers) })).status).toBe(200)
})

test.each([
  ['the current one is wrong', { current: 'wrong', password: NEW }, 'INVALID_CURRENT_PASSWORD'],
  ['the new one is unchanged', { current: PASSWORD, password: PASSWORD }, 'PASSWORD_UNCHANGED'],
  ['the new one is common', { current: PASSWORD, password: 'Password1' }, 'PASSWORD_COMMON'],
])('refuses a new password when %s, and changes nothing', async (_why, input, code) => {
  const { open } = await createUser()
  const before = await fingerprint(db)
  expect((await send('session.changePassword', input, open[0])).refusal).toEqual({ code, details: {} })
  expect(await fingerprint(db)).toEqual(before)
})

test('refuses a new password that equals the username', async () => {
  const user = await make.user({ organizationId: acme.id, username: 'a.long.name', passwordHash })
  const { refusal } = await send(
    'session.changePassword',
    { current: PASSWORD, password: 'A.Long.Name' },
    await make.session(user),
  )
  expect(refusal).toEqual({ code: 'PASSWORD_IS_USERNAME', details: {} })
})

test('accepts a password in any Unicode normalization form', async () => {
  const { user, open } = await createUser()
  await send('session.changePassword', { current: PASSWORD, password: 'Crème brûlée für alle' }, open[0])
  expect(
    await anonymous.session.signIn.mutate({
      username: user.username,
      password: 'Crème brûlée für alle'.normalize('NFD'),
    }),
  ).toMatchObject({
    user: { id: user.id },
  })
})

test('consumes no attempt at the current password when the new one is refused', async () => {
  const { open } = await createUser()
  for (let i = 0; i < 8; i++)
    await send('session.changePassword', { current: PASSWORD, password: 'Password1' }, open[0])
  expect((await send('session.changePassword', { current: PASSWORD, password: NEW }, open[0])).status).toBe(200)
})

test('lists the user’s open sessions by latest use, and marks the current one', async () => {
  const { user, open } = await createUser(3)
  await createUser()
  await db.pool.query(
    `UPDATE "session" SET "lastSeenAt" = now() - interval '1 second' * array_position($1::uuid[], "id") WHERE "userId" = $2`,
    [open.map(({ id }) => id), user.id],
  )
  await db.pool.query(`UPDATE "session" SET "expiresAt" = now() WHERE "id" = $1`, [open[1]?.id])
  const { data } = await send('session.list', undefined, open[2])
  expect(data).toMatchObject([
    { id: open[0]?.id, current: false },
    { id: open[2]?.id, current: true },
  ])
  expect(Object.keys((data as object[])[0] ?? {}).sort()).toEqual([
    'address',
    'createdAt',
    'current',
    'device',
    'id',
    'lastSeenAt',
  ])
})

test('ends another session of the user by its id, once, with a reason', async () => {
  const { user, open } = await createUser(2)
  const [current, other] = open
  expect((await send('session.end', { sessionId: other?.id }, current)).data).toEqual({ ended: 1 })
  expect((await send('session.end', { sessionId: other?.id }, current)).data).toEqual({ ended: 0 })
  expect(await Promise.all(open.map(stateOf))).toEqual(['open', 'ended-by-self'])
  expect(await audit(user.id)).toMatchObject([{ action: 'session.end', after: { sessions: [other?.id] } }])
})

test('ends all other sessions, keeps the current one, and audits nothing when there are none', async () => {
  const { user, open } = await createUser(3)
  expect((await send('session.end', {}, open[1])).data).toEqual({ ended: 2 })
  expect((await send('session.end', {}, open[1])).data).toEqual({ ended: 0 })
  expect(await Promise.all(open.map(stateOf))).toEqual(['ended-by-self', 'open', 'ended-by-self'])
  expect(await audit(user.id)).toHaveLength(1)
})

test('refuses to end another user’s session like a missing one', async () => {
  const [{ open: own }, { open: other }] = [await createUser(), await createUser()]
  for (const sessionId of [other[0]?.id, randomUUIDv7()])
    expect((await send('session.end', { sessionId }, own[0])).refusal).toEqual({
      code: 'NOT_FOUND',
      details: { what: 'session' },
    })
  expect(await stateOf(other[0] ?? {})).toBe('open')
})

test('signs out only the current session, clears the cookie, and audits it', async () => {
  const { open } = await createUser(2)
  const { status, headers } = await send('session.signOut', undefined, open[0])
  expect(status).toBe(200)
  expect(headers['set-cookie']).toMatch(/^roster-[0-9a-f]{8}=;.*Max-Age=0/u)
  expect(await Promise.all(open.map(stateOf))).toEqual(['signed-out', 'open'])
  expect(await audit(open[0]?.id ?? '')).toMatchObject([{ action: 'session.signOut', targetKind: 'session' }])
})

test('signs in with an HttpOnly cookie, ends the browser’s previous session, and audits it', async () => {
  const { user } = await createUser(0)
  const first = await send('session.signIn', { username: user.username, password: PASSWORD })
  expect(first.headers['set-cookie']).toMatch(/roster-[0-9a-f]{8}=[\w-]{20,};.*HttpOnly;.*SameSite=Lax/u)
  const cookie = cookieIn(first.headers)
  const second = await send('session.signIn', { username: user.username, password: PASSWORD }, { cookie })
  expect(await stateOf({ cookie })).toBe('signed-out')
  expect(await stateOf({ cookie: cookieIn(second.headers) })).toBe('open')
  const { sessionId } = first.data as { sessionId: string }
  expect(await audit(sessionId)).toMatchObject([
    { action: 'session.signIn', actorId: user.id, organizationId: acme.id },
  ])
})

test('ends a session at its idle expiry, at its absolute expiry, and when its organization is suspended', async () => {
  const { open } = await createUser(2)
  await db.pool.query(`UPDATE "session" SET "expiresAt" = now() WHERE "id" = $1`, [open[0]?.id])
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() WHERE "id" = $1`, [open[1]?.id])
  expect(await Promise.all(open.map(stateOf))).toEqual(['expired', 'expired'])
  const suspended = await make.organization('Suspended')
  const session = await make.session(await make.user({ organizationId: suspended.id }))
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [suspended.id])
  expect(await stateOf(session)).toBe('organization-suspended')
})

test('reports for thirty days why a session ended, and no session afterwards', async () => {
  const { open } = await createUser()
  await db.pool.query(
    `UPDATE "session" SET "endedAt" = now() - interval '29 days', "endReason" = 'suspended' WHERE "id" = $1`,
    [open[0]?.id],
  )
  expect(await stateOf(open[0] ?? {})).toBe('suspended')
  await db.pool.query(`UPDATE "session" SET "endedAt" = now() - interval '31 days' WHERE "id" = $1`, [open[0]?.id])
  expect(await stateOf(open[0] ?? {})).toBe('NOT_SIGNED_IN')
})
