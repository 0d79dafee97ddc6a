import { expect, test } from 'vitest'
import { type BrowserResponse, browserAt } from '../../test/support/browser.ts'
import { testInstance, testNode } from '../../test/support/instance.ts'
import { holdLocks } from '../../test/support/locks.ts'
import { fastHash } from '../../test/support/password.ts'
import { raceOnce } from '../../test/support/races.ts'
import { sessionRaces } from './session.race.ts'

const here = await testInstance()
const { make, db, as } = here
const acme = await make.organization('Acme')
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const DAY = 86_400

/** Creates a signed-in user, with a browser that sends the session cookie. */
async function createSession() {
  const user = await make.user({ organizationId: acme.id, passwordHash })
  const { id, cookie } = await make.session(user)
  const browser = browserAt(here, '192.0.2.1', cookie)
  return { user, id, me: () => browser.call('session.me', undefined, 'GET') }
}
type SessionTimes = {
  lastSeenAt: number
  expiresAt: number
  absoluteEndAt: number
  userSeenAt: number | null
  version: string
}

/** A session's times in seconds from now, and the version of its row. */
async function readTimes(id: string): Promise<SessionTimes> {
  const from = (column: string) => `extract(epoch FROM ${column} - now())::float8`
  const { rows } = await db.pool.query<SessionTimes>(
    `SELECT ${from('s."lastSeenAt"')} AS "lastSeenAt", ${from('s."expiresAt"')} AS "expiresAt", ${from('s."absoluteEndAt"')} AS "absoluteEndAt",
       ${from('u."lastSeenAt"')} AS "userSeenAt", s.xmin::text AS "version" FROM "session" s JOIN "user" u ON u."id" = s."userId" WHERE s."id" = $1`,
    [id],
  )
  if (!rows[0]) throw new Error('no such session')
  return rows[0]
}
/** Moves a session into the past by this many seconds. */
const advance = (id: string, seconds: number) =>
  db.pool.query(
    `WITH s AS (UPDATE "session" SET "createdAt" = "createdAt" - make_interval(secs => $2), "lastSeenAt" = "lastSeenAt" - make_interval(secs => $2),
       "expiresAt" = "expiresAt" - make_interval(secs => $2), "absoluteEndAt" = "absoluteEndAt" - make_interval(secs => $2) WHERE "id" = $1 RETURNING "userId")
     UPDATE "user" u SET "lastSeenAt" = u."lastSeenAt" - make_interval(secs => $2) FROM s WHERE u."id" = s."userId"`,
    [id, seconds],
  )
const expectNear = (seconds: number, expected: number) => expect(Math.abs(seconds - expected)).toBeLessThan(120)
const expired = { status: 401, refusal: { code: 'SESSION_ENDED', details: { reason: 'expired' } } }

test('expires a session after seven days without use', async () => {
  const { id, me } = await createSession()
  expectNear((await readTimes(id)).expiresAt, 7 * DAY)
  await advance(id, 7 * DAY - 60)
  expect((await me()).status).toBe(200)
  await advance(id, 7 * DAY + 1)
  expect(await me()).toMatchObject(expired)
  // A call does not revive an expired session.
  expect(await me()).toMatchObject(expired)
})

test('extends a used session, for thirty days at most', async () => {
  const { id, me } = await createSession()
  let days = 0
  for (const idle of [1, 6, 3, 6, 6, 6]) {
    await advance(id, idle * DAY)
    days += idle
    expect((await me()).status).toBe(200)
    expectNear((await readTimes(id)).expiresAt, Math.min(7, 30 - days) * DAY)
  }
  expectNear((await readTimes(id)).absoluteEndAt, 2 * DAY)
  await advance(id, 2 * DAY + 1)
  expect(await me()).toMatchObject(expired)
  await advance(id, 30 * DAY)
  expect(await me()).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
})

test('writes the last use at most once a minute, also under concurrency', async () => {
  const { id, me } = await createSession()
  await advance(id, 50)
  const { version } = await readTimes(id)
  await Promise.all(Array.from({ length: 10 }, me))
  expect((await readTimes(id)).version).toBe(version)
  await advance(id, 11)
  await Promise.all(Array.from({ length: 10 }, me))
  const times = await readTimes(id)
  expect(times.lastSeenAt).toBeGreaterThan(-30)
  expect(times.userSeenAt).toBeGreaterThan(-30)
  await Promise.all(Array.from({ length: 10 }, me))
  expect((await readTimes(id)).version).toBe(times.version)
})

test('session.me waits for no lock on the user’s row, and records the use the next time', async () => {
  const { user, id, me } = await createSession()
  await advance(id, 5 * DAY)
  const release = await holdLocks(
    db,
    'SELECT 1 FROM "user" u JOIN "session" s ON s."userId" = u."id" WHERE u."id" = $1 FOR SHARE',
    [user.id],
  )
  expect((await me()).status).toBe(200)
  expectNear((await readTimes(id)).expiresAt, 2 * DAY)
  await release()
  expect((await me()).status).toBe(200)
  expect(await readTimes(id)).toMatchObject({ lastSeenAt: expect.closeTo(0, -2) })
  expectNear((await readTimes(id)).expiresAt, 7 * DAY)
})

/** A response's cookies without their values and ages, by length of name. */
const shape = ({ cookies }: BrowserResponse) =>
  cookies.map(({ value: _, maxAge: __, ...cookie }) => cookie).toSorted((a, b) => a.name.length - b.name.length)

test('sets HttpOnly and SameSite cookies, and __Host- secure cookies behind TLS', async () => {
  const user = await make.user({ organizationId: acme.id, passwordHash })
  const plain = await browserAt(here, '192.0.2.1').signIn(user.username, RIGHT)
  expect(shape(plain)).toEqual(
    [/^roster-[0-9a-f]{8}$/u, /^roster-browser-[0-9a-f]{8}$/u].map((name) => ({
      name: expect.stringMatching(name) as string,
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
    })),
  )
  const secure = await testNode(here.url, { publicUrl: 'https://roster.example' })
  const answer = await browserAt(secure, '192.0.2.1').signIn(user.username, RIGHT)
  expect(shape(answer)).toEqual(
    ['__Host-roster', '__Host-roster-browser'].map((name) => ({
      name,
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    })),
  )
  const browser = browserAt(secure, '192.0.2.1')
  await browser.signIn(user.username, RIGHT)
  expect((await browser.call('session.me', undefined, 'GET')).status).toBe(200)
  const { cookies } = await browser.call('session.signOut')
  expect(cookies).toMatchObject([
    { name: '__Host-roster', value: '', maxAge: 0, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
  ])
  expect(browser.cookies.has('__Host-roster')).toBe(false)
})

test('stores no session token, device cookie, link token or password in plain text', async () => {
  const user = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
  const browser = browserAt(here, '192.0.2.1')
  await browser.signIn(user.username, RIGHT)
  const created = await as(user).user.create.mutate({ username: 'linked', credential: { kind: 'link' } })
  await as(user).user.create.mutate({
    username: 'given',
    credential: { kind: 'password', password: 'a given horse battery' },
  })
  const token = created.link?.path.split('#')[1] ?? ''
  await here.anonymous.link.accept.mutate({ token, password: 'a chosen horse battery' })
  const secrets = [RIGHT, 'a given horse battery', 'a chosen horse battery', token, ...browser.cookies.values()]
  expect(secrets.every((secret) => secret.length > 15)).toBe(true)
  // As text, and as bytes, which PostgreSQL prints as hexadecimal digits.
  const shapes = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret, 'base64url').toString('hex'),
  ])
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  expect(tables.length).toBeGreaterThan(10)
  for (const { name } of tables) {
    const { rows } = await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    for (const { row } of rows) for (const shape of shapes) expect(row.includes(shape), `${name}: ${row}`).toBe(false)
  }
})

raceOnce(await sessionRaces([here, await testNode(here.url)]), 3)
