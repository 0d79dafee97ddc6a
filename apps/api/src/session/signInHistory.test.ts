import { randomUUIDv7 } from 'node:crypto'
import { flushRefusals, inTransaction } from '@roster/db'
import { beforeEach, expect, test } from 'vitest'
import { browserAt } from '../testing/browser.ts'
import { enableTotp } from '../testing/factors.ts'
import { testInstance } from '../testing/instance.ts'
import { fastHash } from '../testing/password.ts'

const here = await testInstance()
const { make, db, as } = here
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const [acme, globex] = [await make.organization('Acme'), await make.organization('Globex')]
const somebody = (organizationId = acme.id) => make.user({ organizationId, passwordHash })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

const ALIKE = '"subject", "action", "code", "organizationId", "actorId", "throughId", "targetKind", "targetId", "actorName", "address"'

/** The minute is over: what was refused in it is written down, as one even if the clock struck in between. */
async function minuteOver(): Promise<void> {
  await db.pool.query(
    `WITH gone AS (DELETE FROM "refusal_count" RETURNING *)
     INSERT INTO "refusal_count" ("minute", ${ALIKE}, "count") SELECT min("minute") - interval '2 minutes', ${ALIKE}, sum("count") FROM gone GROUP BY ${ALIKE}`,
  )
  await inTransaction(db.prisma, flushRefusals)
}

test('somebody reads when and from where they came in, and who tried their name: from where, how often and why it failed, but never who', async () => {
  const [joe, eve] = [await somebody(), await somebody(globex.id)]
  const stranger = browserAt(here, '192.0.2.66')
  for (let n = 0; n < 3; n++) await stranger.signIn(joe.username, `guess ${n}`)
  // In a browser in which a colleague of another organization is signed in.
  await browserAt(here, '192.0.2.67', (await make.session(eve)).cookie).signIn(joe.username, 'a guess')
  await minuteOver()
  await browserAt(here, '192.0.2.1').signIn(joe.username, RIGHT)
  const { rows } = await as(joe).session.signInHistory.query({})
  const refused = { action: 'session.signIn', outcome: 'refused', code: 'INVALID_CREDENTIALS', device: null, current: false }
  expect(rows.map(({ id: _, at: __, ...row }) => row).sort((a, b) => (a.address ?? '').localeCompare(b.address ?? ''))).toEqual([
    { action: 'session.signIn', outcome: 'allowed', code: null, count: 1, device: expect.anything(), address: '192.0.2.1', current: false },
    { ...refused, count: 3, address: '192.0.2.66' },
    { ...refused, count: 1, address: '192.0.2.67' },
  ])
  expect(rows[0]).toMatchObject({ outcome: 'allowed' })
  expect(JSON.stringify(rows)).not.toContain(eve.id)
  expect(JSON.stringify(rows)).not.toContain(eve.username)
  expect((await as(eve).session.signInHistory.query({})).rows).toEqual([])
})

test('of names that one address tries in the same minute, each one’s owner is told of theirs alone', async () => {
  const [joe, eve, pat] = [await somebody(), await somebody(), await somebody()]
  const stranger = browserAt(here, '192.0.2.70')
  for (const name of [joe.username, 'nobody.at.all', eve.username, joe.username]) await stranger.signIn(name, 'a guess')
  await minuteOver()
  const counts = async (who: typeof joe) => (await as(who).session.signInHistory.query({})).rows.map(({ count }) => count)
  expect([await counts(joe), await counts(eve), await counts(pat)]).toEqual([[2], [1], []])
})

test('a try under one’s own name, in a browser in which one is signed in already, isn’t taken for how that session began', async () => {
  const joe = await somebody()
  const browser = browserAt(here, '192.0.2.75')
  await browser.signIn(joe.username, RIGHT)
  await browser.signIn(joe.username, 'a slip')
  await minuteOver()
  const { body } = await browser.call('session.signInHistory?input=%7B%7D', undefined, 'GET')
  const { rows } = (JSON.parse(body) as { result: { data: Awaited<ReturnType<ReturnType<typeof as>['session']['signInHistory']['query']>> } }).result.data
  expect(rows.map(({ outcome, current }) => [outcome, current]).sort()).toEqual([
    ['allowed', true],
    ['refused', false],
  ])
})

test('that somebody knew the password, but not the second factor, is told as such', async () => {
  const joe = await somebody()
  await enableTotp(here, joe)
  const thief = browserAt(here, '192.0.2.80')
  await thief.signIn(joe.username, RIGHT)
  await thief.call('session.confirmFactor', { kind: 'code', code: '000000' })
  await minuteOver()
  expect((await as(joe).session.signInHistory.query({})).rows).toMatchObject([
    { action: 'session.confirmFactor', outcome: 'refused', code: 'INVALID_CODE', address: '192.0.2.80' },
  ])
})

test('whoever manages somebody reads on their page that their name was tried; somebody of another organization doesn’t', async () => {
  const joe = await somebody()
  const [max, mia] = await Promise.all([acme, globex].map(({ id }) => make.user({ organizationId: id, role: 'manager' })))
  await browserAt(here, '192.0.2.90').signIn(joe.username, 'a guess')
  await minuteOver()
  const read = (who: typeof joe | undefined) => as(who ?? joe).user.activity.query({ userId: joe.id, direction: 'done' })
  expect((await read(max)).rows).toMatchObject([{ action: 'session.signIn', outcome: 'refused', actor: null, address: '192.0.2.90', target: { id: joe.id } }])
  await expect(read(mia)).rejects.toThrow()
})

test('a long history is read page by page, forth and back, and the session that asks is marked', async () => {
  const joe = await somebody()
  const ids = Array.from({ length: 60 }, () => randomUUIDv7())
  await db.pool.query(
    `INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "action", "targetKind", "outcome")
     SELECT e."id", now() - e."n" / 2 * interval '1 millisecond' - interval '1 minute', $2, $3, 'session', 'session.signIn', 'session', 'allowed' FROM unnest($1::uuid[]) WITH ORDINALITY AS e("id", "n")`,
    [ids, acme.id, joe.id],
  )
  const browser = browserAt(here, '192.0.2.2')
  await browser.signIn(joe.username, RIGHT)
  const first = JSON.parse((await browser.call('session.signInHistory?input=%7B%7D', undefined, 'GET')).body) as {
    result: { data: { rows: { id: string; current: boolean }[]; after: string } }
  }
  const { rows, after } = first.result.data
  expect(rows.map(({ current }) => current)).toEqual([true, ...Array(24).fill(false)])
  const second = await as(joe).session.signInHistory.query({ page: { size: 25, after } })
  const third = await as(joe).session.signInHistory.query({ page: { size: 25, after: second.after ?? '' } })
  expect(third.after).toBeNull()
  const read = [...rows.slice(1), ...second.rows, ...third.rows].map(({ id }) => id)
  expect(read).toHaveLength(60)
  expect(new Set(read)).toEqual(new Set(ids))
  const back = await as(joe).session.signInHistory.query({ page: { size: 25, before: third.before ?? '' } })
  expect(back.rows).toEqual(second.rows)
})
