import { expect, test } from 'vitest'
import { type BrowserResponse, browserAt } from '../testing/browser.ts'
import { testInstance, testNode } from '../testing/instance.ts'
import { holdLocks } from '../testing/locks.ts'
import { fastHash } from '../testing/password.ts'
import { raceOnce } from '../testing/races.ts'
import { sessionRaces } from './session.race.ts'

const here = await testInstance()
const { make, db, as } = here
const acme = await make.organization('Acme')
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const DAY = 86_400

/** Somebody signed in, with a browser that has their cookie. */
async function signedIn() {
  const user = await make.user({ organizationId: acme.id, passwordHash })
  const { id, cookie } = await make.session(user)
  const browser = browserAt(here, '192.0.2.1', cookie)
  return { user, id, me: () => browser.call('session.me', undefined, 'GET') }
}
type Ages = { lastSeenAt: number; expiresAt: number; absoluteEndAt: number; userSeenAt: number | null; version: string }

/** A session's times in seconds from now, and which version of its row it is. */
async function look(id: string): Promise<Ages> {
  const from = (column: string) => `extract(epoch FROM ${column} - now())::float8`
  const { rows } = await db.pool.query<Ages>(
    `SELECT ${from('s."lastSeenAt"')} AS "lastSeenAt", ${from('s."expiresAt"')} AS "expiresAt", ${from('s."absoluteEndAt"')} AS "absoluteEndAt",
       ${from('u."lastSeenAt"')} AS "userSeenAt", s.xmin::text AS "version" FROM "session" s JOIN "user" u ON u."id" = s."userId" WHERE s."id" = $1`,
    [id],
  )
  if (!rows[0]) throw new Error('no such session')
  return rows[0]
}
/** So many seconds pass for a session. */
const pass = (id: string, seconds: number) =>
  db.pool.query(
    `WITH s AS (UPDATE "session" SET "createdAt" = "createdAt" - make_interval(secs => $2), "lastSeenAt" = "lastSeenAt" - make_interval(secs => $2),
       "expiresAt" = "expiresAt" - make_interval(secs => $2), "absoluteEndAt" = "absoluteEndAt" - make_interval(secs => $2) WHERE "id" = $1 RETURNING "userId")
     UPDATE "user" u SET "lastSeenAt" = u."lastSeenAt" - make_interval(secs => $2) FROM s WHERE u."id" = s."userId"`,
    [id, seconds],
  )
const near = (seconds: number, expected: number) => expect(Math.abs(seconds - expected)).toBeLessThan(120)
const expired = { status: 401, refusal: { code: 'SESSION_ENDED', details: { reason: 'expired' } } }

test('a session ends after seven days without use', async () => {
  const { id, me } = await signedIn()
  near((await look(id)).expiresAt, 7 * DAY)
  await pass(id, 7 * DAY - 60)
  expect((await me()).status).toBe(200)
  await pass(id, 7 * DAY + 1)
  expect(await me()).toMatchObject(expired)
  // What is over is not revived by asking.
  expect(await me()).toMatchObject(expired)
})

test('a session that is used goes on, for thirty days at most', async () => {
  const { id, me } = await signedIn()
  let days = 0
  for (const idle of [1, 6, 3, 6, 6, 6]) {
    await pass(id, idle * DAY)
    days += idle
    expect((await me()).status).toBe(200)
    near((await look(id)).expiresAt, Math.min(7, 30 - days) * DAY)
  }
  near((await look(id)).absoluteEndAt, 2 * DAY)
  await pass(id, 2 * DAY + 1)
  expect(await me()).toMatchObject(expired)
  await pass(id, 30 * DAY)
  expect(await me()).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
})

test('that somebody was seen is written at most once a minute, however much they do at once', async () => {
  const { id, me } = await signedIn()
  await pass(id, 50)
  const { version } = await look(id)
  await Promise.all(Array.from({ length: 10 }, me))
  expect((await look(id)).version).toBe(version)
  await pass(id, 11)
  await Promise.all(Array.from({ length: 10 }, me))
  const expected = await look(id)
  expect(expected.lastSeenAt).toBeGreaterThan(-30)
  expect(expected.userSeenAt).toBeGreaterThan(-30)
  await Promise.all(Array.from({ length: 10 }, me))
  expect((await look(id)).version).toBe(expected.version)
})

test('looking at oneself waits for nobody who holds one’s row, and is noted the next time', async () => {
  const { user, id, me } = await signedIn()
  await pass(id, 5 * DAY)
  const letGo = await holdLocks(db, 'SELECT 1 FROM "user" u JOIN "session" s ON s."userId" = u."id" WHERE u."id" = $1 FOR SHARE', [user.id])
  expect((await me()).status).toBe(200)
  near((await look(id)).expiresAt, 2 * DAY)
  await letGo()
  expect((await me()).status).toBe(200)
  expect(await look(id)).toMatchObject({ lastSeenAt: expect.closeTo(0, -2) })
  near((await look(id)).expiresAt, 7 * DAY)
})

/** A browser's cookies but for what differs each time, by name. */
const shape = ({ cookies }: BrowserResponse) => cookies.map(({ value: _, maxAge: __, ...cookie }) => cookie).toSorted((a, b) => a.name.length - b.name.length)

test('cookies are out of reach for scripts and other sites, and behind TLS for other hosts and plain connections', async () => {
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
  expect(shape(answer)).toEqual(['__Host-roster', '__Host-roster-browser'].map((name) => ({ name, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' })))
  const browser = browserAt(secure, '192.0.2.1')
  await browser.signIn(user.username, RIGHT)
  expect((await browser.call('session.me', undefined, 'GET')).status).toBe(200)
  const { cookies } = await browser.call('session.signOut')
  expect(cookies).toMatchObject([{ name: '__Host-roster', value: '', maxAge: 0, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' }])
  expect(browser.cookies.has('__Host-roster')).toBe(false)
})

test('nothing that opens anything stands in the database: no session’s, browser’s or link’s secret, and no password', async () => {
  const user = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
  const browser = browserAt(here, '192.0.2.1')
  await browser.signIn(user.username, RIGHT)
  const made = await as(user).user.create.mutate({ username: 'linked', credential: { kind: 'link' } })
  await as(user).user.create.mutate({ username: 'given', credential: { kind: 'password', password: 'a given horse battery' } })
  const token = made.link?.path.split('#')[1] ?? ''
  await here.anonymous.link.accept.mutate({ token, password: 'a chosen horse battery' })
  const secrets = [RIGHT, 'a given horse battery', 'a chosen horse battery', token, ...browser.cookies.values()]
  expect(secrets.every((secret) => secret.length > 15)).toBe(true)
  // As text, and as bytes, which are shown as hexadecimal digits.
  const shapes = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret, 'base64url').toString('hex')])
  const { rows: tables } = await db.pool.query<{ name: string }>(`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`)
  expect(tables.length).toBeGreaterThan(10)
  for (const { name } of tables) {
    const { rows } = await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    for (const { row } of rows) for (const shape of shapes) expect(row.includes(shape), `${name}: ${row}`).toBe(false)
  }
})

raceOnce(await sessionRaces([here, await testNode(here.url)]), 3)
