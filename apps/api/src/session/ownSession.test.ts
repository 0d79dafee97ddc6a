import { randomUUIDv7 } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { hashPassword } from '../password/hash.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'
import { type SendOptions, sender } from '../testing/send.ts'

const { app, make, anonymous, audit, db } = await testInstance()
const send = sender(app)
const PASSWORD = 'correct horse battery'
const NEW = 'a new horse altogether'
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

async function somebody(sessions = 1) {
  const user = await make.user({ organizationId: acme.id, displayName: 'Some Body', passwordHash })
  return { user, open: await Promise.all(Array.from({ length: sessions }, () => make.session(user))) }
}
const why = async (calling: SendOptions) => {
  const { status, refusal } = await send('session.me', undefined, calling)
  return status === 200 ? 'open' : refusal?.code === 'SESSION_ENDED' ? refusal.details.reason : refusal?.code
}
const cookieIn = (headers: Record<string, string>) => /roster-[0-9a-f]{8}=[\w-]{20,}/u.exec(headers['set-cookie'] ?? '')?.[0] ?? ''

test('a browser is told who it is, where, and nothing secret', async () => {
  const { user, open } = await somebody()
  const { data } = await send('session.me', undefined, open[0])
  expect(data).toEqual({
    sessionId: open[0]?.id,
    user: {
      id: user.id,
      username: user.username,
      displayName: 'Some Body',
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

test('a new password of one’s own ends all other sessions, gives this browser a new one, and is written down', async () => {
  const { user, open } = await somebody(3)
  const [mine = { cookie: '', id: '' }, ...others] = open
  const { status, headers, data } = await send('session.changePassword', { current: PASSWORD, password: NEW }, mine)
  expect([status, (data as { user: { id: string } }).user.id]).toEqual([200, user.id])
  expect(await Promise.all([mine, ...others].map(why))).toEqual(['password-changed', 'password-changed', 'password-changed'])
  expect(await why({ cookie: cookieIn(headers) })).toBe('open')
  expect(await refusalOf(anonymous.session.signIn.mutate({ username: user.username, password: PASSWORD }))).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  expect(await anonymous.session.signIn.mutate({ username: user.username, password: NEW })).toMatchObject({ user: { id: user.id } })
  expect(await audit(user.id)).toMatchObject([{ action: 'session.changePassword', actorId: user.id, before: null, after: null }])
})

test('a new password that was asked for lets everything else answer again', async () => {
  const { user, open } = await somebody()
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE, "passwordSetById" = $1, "passwordSetAt" = now() WHERE "id" = $1`, [user.id])
  expect((await send('workspace.list', {}, open[0])).refusal).toEqual({ code: 'PASSWORD_CHANGE_REQUIRED', details: {} })
  const { headers, data } = await send('session.changePassword', { current: PASSWORD, password: NEW }, open[0])
  expect(data).toMatchObject({ passwordChangeRequired: false })
  expect((await send('workspace.list', {}, { cookie: cookieIn(headers) })).status).toBe(200)
})

test.each([
  ['the current one is wrong', { current: 'wrong', password: NEW }, 'INVALID_CURRENT_PASSWORD'],
  ['it is the current one', { current: PASSWORD, password: PASSWORD }, 'PASSWORD_UNCHANGED'],
  ['it is one of the commonest', { current: PASSWORD, password: 'Password1' }, 'PASSWORD_COMMON'],
])('a new password is refused when %s, and nothing changes', async (_why, input, code) => {
  const { open } = await somebody()
  const before = await fingerprint(db)
  expect((await send('session.changePassword', input, open[0])).refusal).toEqual({ code, details: {} })
  expect(await fingerprint(db)).toEqual(before)
})

test('a new password may not be one’s name', async () => {
  const user = await make.user({ organizationId: acme.id, username: 'a.long.name', passwordHash })
  const { refusal } = await send('session.changePassword', { current: PASSWORD, password: 'A.Long.Name' }, await make.session(user))
  expect(refusal).toEqual({ code: 'PASSWORD_IS_USERNAME', details: {} })
})

test('accented letters of a password are the same however a keyboard composes them', async () => {
  const { user, open } = await somebody()
  await send('session.changePassword', { current: PASSWORD, password: 'Crème brûlée für alle' }, open[0])
  expect(await anonymous.session.signIn.mutate({ username: user.username, password: 'Crème brûlée für alle'.normalize('NFD') })).toMatchObject({
    user: { id: user.id },
  })
})

test('choosing passwords that are refused is no try at the current one', async () => {
  const { open } = await somebody()
  for (let i = 0; i < 8; i++) await send('session.changePassword', { current: PASSWORD, password: 'Password1' }, open[0])
  expect((await send('session.changePassword', { current: PASSWORD, password: NEW }, open[0])).status).toBe(200)
})

test('one’s sessions are listed, newest use first, this one marked; other people’s and ended ones are not', async () => {
  const { user, open } = await somebody(3)
  await somebody()
  await db.pool.query(`UPDATE "session" SET "lastSeenAt" = now() - interval '1 second' * array_position($1::uuid[], "id") WHERE "userId" = $2`, [
    open.map(({ id }) => id),
    user.id,
  ])
  await db.pool.query(`UPDATE "session" SET "expiresAt" = now() WHERE "id" = $1`, [open[1]?.id])
  const { data } = await send('session.list', undefined, open[2])
  expect(data).toMatchObject([
    { id: open[0]?.id, current: false },
    { id: open[2]?.id, current: true },
  ])
  expect(Object.keys((data as object[])[0] ?? {}).sort()).toEqual(['address', 'createdAt', 'current', 'device', 'id', 'lastSeenAt'])
})

test('one of one’s sessions is ended by its id, once, and told why', async () => {
  const { user, open } = await somebody(2)
  const [mine, other] = open
  expect((await send('session.end', { sessionId: other?.id }, mine)).data).toEqual({ ended: 1 })
  expect((await send('session.end', { sessionId: other?.id }, mine)).data).toEqual({ ended: 0 })
  expect(await Promise.all(open.map(why))).toEqual(['open', 'ended-by-self'])
  expect(await audit(user.id)).toMatchObject([{ action: 'session.end', after: { sessions: [other?.id] } }])
})

test('all others are ended at once, and this one stays; where there are none nothing is written down', async () => {
  const { user, open } = await somebody(3)
  expect((await send('session.end', {}, open[1])).data).toEqual({ ended: 2 })
  expect((await send('session.end', {}, open[1])).data).toEqual({ ended: 0 })
  expect(await Promise.all(open.map(why))).toEqual(['ended-by-self', 'open', 'ended-by-self'])
  expect(await audit(user.id)).toHaveLength(1)
})

test('a session of somebody else is ended by nobody who doesn’t own it', async () => {
  const [{ open: mine }, { open: theirs }] = [await somebody(), await somebody()]
  for (const sessionId of [theirs[0]?.id, randomUUIDv7()])
    expect((await send('session.end', { sessionId }, mine[0])).refusal).toEqual({ code: 'NOT_FOUND', details: { what: 'session' } })
  expect(await why(theirs[0] ?? {})).toBe('open')
})

test('signing out ends this session alone, forgets the cookie, and is written down', async () => {
  const { open } = await somebody(2)
  const { status, headers } = await send('session.signOut', undefined, open[0])
  expect(status).toBe(200)
  expect(headers['set-cookie']).toMatch(/^roster-[0-9a-f]{8}=;.*Max-Age=0/u)
  expect(await Promise.all(open.map(why))).toEqual(['signed-out', 'open'])
  expect(await audit(open[0]?.id ?? '')).toMatchObject([{ action: 'session.signOut', targetKind: 'session' }])
})

test('signing in is written down, gives a cookie that scripts can’t read, and ends this browser’s session before', async () => {
  const { user } = await somebody(0)
  const first = await send('session.signIn', { username: user.username, password: PASSWORD })
  expect(first.headers['set-cookie']).toMatch(/roster-[0-9a-f]{8}=[\w-]{20,};.*HttpOnly;.*SameSite=Lax/u)
  const cookie = cookieIn(first.headers)
  const second = await send('session.signIn', { username: user.username, password: PASSWORD }, { cookie })
  expect(await why({ cookie })).toBe('signed-out')
  expect(await why({ cookie: cookieIn(second.headers) })).toBe('open')
  const { sessionId } = first.data as { sessionId: string }
  expect(await audit(sessionId)).toMatchObject([{ action: 'session.signIn', actorId: user.id, organizationId: acme.id }])
})

test('a session is over when it was not used for long, in any case after a month, and when its organization is suspended', async () => {
  const { open } = await somebody(2)
  await db.pool.query(`UPDATE "session" SET "expiresAt" = now() WHERE "id" = $1`, [open[0]?.id])
  await db.pool.query(`UPDATE "session" SET "absoluteEndAt" = now() WHERE "id" = $1`, [open[1]?.id])
  expect(await Promise.all(open.map(why))).toEqual(['expired', 'expired'])
  const shut = await make.organization('Shut')
  const session = await make.session(await make.user({ organizationId: shut.id }))
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [shut.id])
  expect(await why(session)).toBe('organization-suspended')
})

test('why a session ended is told for thirty days, and then it is nobody’s', async () => {
  const { open } = await somebody()
  await db.pool.query(`UPDATE "session" SET "endedAt" = now() - interval '29 days', "endReason" = 'suspended' WHERE "id" = $1`, [open[0]?.id])
  expect(await why(open[0] ?? {})).toBe('suspended')
  await db.pool.query(`UPDATE "session" SET "endedAt" = now() - interval '31 days' WHERE "id" = $1`, [open[0]?.id])
  expect(await why(open[0] ?? {})).toBe('NOT_SIGNED_IN')
})
