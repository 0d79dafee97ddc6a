import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type BrowserResponse, browserAt } from '../../test/support/browser.ts'
import { testInstance, testNode } from '../../test/support/instance.ts'
import { countHashings, fastHash } from '../../test/support/password.ts'
import { raceOnce } from '../../test/support/races.ts'
import { hashQueue } from '../password/queue.ts'
import { signInAttemptRaces } from './signInAttempts.race.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, db } = here
const acme = await make.organization('Acme')
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const users = await make.users(Array.from({ length: 40 }, () => ({ organizationId: acme.id, passwordHash })))
const nameOf = (i: number): string => users[i]?.username ?? ''

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

/** Moves all counters into the past by this many seconds. */
const advance = (seconds: number) =>
  db.pool.query(
    `UPDATE "rate_limit" SET "startedAt" = "startedAt" - make_interval(secs => $1), "retryAt" = "retryAt" - make_interval(secs => $1), "expiresAt" = "expiresAt" - make_interval(secs => $1)`,
    [seconds],
  )
/** So long that no wait ends during a test on a slow machine. Seconds. */
const LONG = 100_000
/** When a refused attempt may be retried; 0 for other answers. */
const retryAt = ({ refusal }: BrowserResponse): number =>
  refusal?.code === 'TOO_MANY_ATTEMPTS' ? Date.parse(refusal.details.retryAt) : 0
const codeOf = ({ refusal }: BrowserResponse): string => refusal?.code ?? 'accepted'

async function times<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < count; i++) results.push(await work(i))
  return results
}

/** Fails once more, checks that the next attempt is refused, and returns the wait in whole seconds from the failure. */
async function failAndWait(fail: () => Promise<BrowserResponse>): Promise<number> {
  const before = Date.now()
  expect(codeOf(await fail())).toBe('INVALID_CREDENTIALS')
  const after = Date.now()
  await advance(-LONG)
  const [refused, again] = [await fail(), await fail()]
  expect([refused.status, again.status]).toEqual([429, 429])
  // A refused attempt does not extend the wait.
  expect(retryAt(again)).toBe(retryAt(refused))
  const since = (retryAt(refused) - LONG * 1000 - before) / 1000
  // Stored times are rounded to milliseconds.
  const seconds = Math.floor(since + 0.002)
  expect(since - seconds).toBeLessThanOrEqual((after - before) / 1000 + 0.002)
  await advance(LONG)
  return seconds
}

test('allows five failures of a name at an address, then waits from one second, doubling to fifteen minutes, over all nodes', async () => {
  const browsers = [browserAt(here, '192.0.2.1'), browserAt(there, '192.0.2.1')]
  const fail = (i: number) => (browsers[i % 2] ?? browsers[0])?.signIn(nameOf(0), 'wrong') as Promise<BrowserResponse>
  expect((await times(4, fail)).map(codeOf)).toEqual(Array(4).fill('INVALID_CREDENTIALS'))
  let node = 0
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
    expect(await failAndWait(() => fail(node++))).toBe(seconds)
    await advance(seconds)
  }
  expect(codeOf(await fail(0))).toBe('INVALID_CREDENTIALS')
})

test('resets the counter of name and address after the right password, which costs the address no attempt', async () => {
  const browser = browserAt(here, '192.0.2.2')
  for (let round = 0; round < 3; round++) {
    await times(4, () => browser.signIn(nameOf(1), 'wrong'))
    browser.cookies.clear()
    expect((await browser.signIn(nameOf(1), RIGHT)).status).toBe(200)
    browser.cookies.clear()
  }
  const { rows } = await db.pool.query('SELECT "attempts" FROM "rate_limit" ORDER BY 1')
  // The remaining counters are those by address and by name over all addresses.
  expect(rows).toEqual([{ attempts: 12 }, { attempts: 12 }])
})

test('allows an address a hundred failures in fifteen minutes over all names, and treats an IPv6 /64 as one address', async () => {
  const tryFrom = (address: string, i: number) =>
    browserAt(i % 2 ? here : there, address).signIn(nameOf(Math.floor(i / 4)), 'wrong')
  const failures = await times(100, (i) => tryFrom(`2001:db8:1:2::${i.toString(16)}`, i))
  expect(new Set(failures.map(codeOf))).toEqual(new Set(['INVALID_CREDENTIALS']))
  const refused = await browserAt(here, '2001:db8:1:2:ffff::1').signIn(nameOf(30), RIGHT)
  expect(refused.status).toBe(429)
  expect(Math.abs(retryAt(refused) - Date.now() - 900_000)).toBeLessThan(60_000)
  expect((await browserAt(here, '2001:db8:1:3::1').signIn(nameOf(30), RIGHT)).status).toBe(200)
  await advance(900)
  expect((await browserAt(here, '2001:db8:1:2:ffff::1').signIn(nameOf(30), RIGHT)).status).toBe(200)
})

test('never locks a name under attack: each new address gets three attempts an hour', async () => {
  await times(24, (i) => browserAt(i % 2 ? here : there, `198.51.100.${i}`).signIn(nameOf(2), 'wrong'))
  const attacker = browserAt(here, '203.0.113.1')
  const answers = await times(4, () => attacker.signIn(nameOf(2), 'wrong'))
  expect(answers.map(codeOf)).toEqual([
    'INVALID_CREDENTIALS',
    'INVALID_CREDENTIALS',
    'INVALID_CREDENTIALS',
    'TOO_MANY_ATTEMPTS',
  ])
  expect(Math.abs(retryAt(answers[3] as BrowserResponse) - Date.now() - 3_600_000)).toBeLessThan(60_000)
  // The owner signs in from yet another address.
  const owner = browserAt(there, '203.0.113.2')
  await owner.signIn(nameOf(2), 'a slip of the finger')
  expect((await owner.signIn(nameOf(2), RIGHT)).status).toBe(200)
  await advance(3600)
  expect(codeOf(await attacker.signIn(nameOf(2), 'wrong'))).toBe('INVALID_CREDENTIALS')
})

test('lets the owner sign in from a browser with a device cookie during an attack, even from the same address', async () => {
  const known = browserAt(here, '192.0.2.3')
  expect((await known.signIn(nameOf(3), RIGHT)).status).toBe(200)
  const attacker = browserAt(there, '192.0.2.3')
  await times(120, (i) => attacker.signIn(i < 6 ? nameOf(3) : nameOf(4 + (i % 30)), 'wrong'))
  await times(30, (i) => browserAt(here, `198.51.100.${i}`).signIn(nameOf(3), 'wrong'))
  expect(codeOf(await attacker.signIn(nameOf(3), RIGHT))).toBe('TOO_MANY_ATTEMPTS')
  expect((await known.signIn(nameOf(3), RIGHT)).status).toBe(200)

  // The device cookie has its own budget: five failures, then the same waits.
  const fail = () => known.signIn(nameOf(3), 'wrong')
  expect((await times(4, fail)).map(codeOf)).toEqual(Array(4).fill('INVALID_CREDENTIALS'))
  expect(await failAndWait(fail)).toBe(1)
  // A device cookie counts for one user only.
  expect(codeOf(await known.signIn(nameOf(9), RIGHT))).toBe('TOO_MANY_ATTEMPTS')
})

test('rate-limits unknown names like existing ones', async () => {
  for (const [name, address] of [
    ['unknown.user', '192.0.2.4'],
    [nameOf(5), '192.0.2.5'],
  ] as const) {
    const fail = () => browserAt(here, address).signIn(name, 'wrong')
    expect((await times(4, fail)).map(codeOf)).toEqual(Array(4).fill('INVALID_CREDENTIALS'))
    expect(await failAndWait(fail)).toBe(1)
    await advance(1)
    expect(await failAndWait(fail)).toBe(2)
  }
})

test('refuses a limited attempt before any hashing, and refuses to batch sign-in calls', async () => {
  const browser = browserAt(here, '192.0.2.6')
  await times(5, () => browser.signIn(nameOf(6), 'wrong'))
  await advance(-LONG)
  const hashings = countHashings()
  expect(codeOf(await browser.signIn(nameOf(6), RIGHT))).toBe('TOO_MANY_ATTEMPTS')
  expect(hashings()).toBe(0)

  const before = await db.pool.query('SELECT * FROM "rate_limit" ORDER BY "key"')
  const twice = { username: nameOf(7), password: 'wrong' }
  for (const [procedure, input] of [
    ['session.signIn', twice],
    ['link.inspect', { token: 'x' }],
    ['link.accept', { token: 'x', password: RIGHT }],
    ['setup.run', { code: 'x', organizationName: 'x', username: 'xy', password: RIGHT }],
  ] as const) {
    const { status, body } = await browser.call(`${procedure},${procedure}?batch=1`, { 0: input, 1: input })
    expect(status).toBe(400)
    expect(body.match(/NOT_BATCHABLE/gu)?.length).toBeGreaterThanOrEqual(2)
  }
  expect(hashings()).toBe(0)
  expect((await db.pool.query('SELECT * FROM "rate_limit" ORDER BY "key"')).rows).toEqual(before.rows)
})

test('allows a hundred attempts at links and setup codes from an address in fifteen minutes', async () => {
  for (const [procedure, input, code] of [
    ['link.inspect', { token: 'x' }, 'INVALID_LINK'],
    ['setup.run', { code: 'x', organizationName: 'x', username: 'xy', password: RIGHT }, 'ALREADY_SET_UP'],
  ] as const) {
    const browser = browserAt(here, '192.0.2.7')
    expect(codeOf(await browser.call(procedure, input))).toBe(code)
    await db.pool.query(`UPDATE "rate_limit" SET "attempts" = 98 WHERE "attempts" = 1`)
    expect((await times(3, () => browser.call(procedure, input))).map(codeOf)).toEqual([
      code,
      code,
      'TOO_MANY_ATTEMPTS',
    ])
    expect(codeOf(await browserAt(here, '192.0.2.8').call(procedure, input))).toBe(code)
    await db.pool.query('DELETE FROM "rate_limit"')
  }
})

test('refunds attempts while the node is too busy to verify', async () => {
  const browser = browserAt(here, '192.0.2.9')
  expect((await browser.signIn(nameOf(8), RIGHT)).status).toBe(200)
  const { promise: blocked, resolve: release } = Promise.withResolvers<void>()
  const busy = Promise.all(Array.from({ length: 52 }, () => hashQueue(() => blocked)))
  onTestFinished(() => release())
  const answers = await times(9, (i) => (i % 2 ? browser : browserAt(here, '192.0.2.10')).signIn(nameOf(8), RIGHT))
  expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual(Array(9).fill([503, 'BUSY']))
  expect((await db.pool.query(`SELECT 1 FROM "rate_limit" WHERE "attempts" > 0`)).rowCount).toBe(0)
  release()
  await busy
  expect((await browser.signIn(nameOf(8), RIGHT)).status).toBe(200)
})

raceOnce(await signInAttemptRaces([here, there]))
