import { randomUUIDv7 } from 'node:crypto'
import { flushRefusals } from '@roster/db'
import { beforeEach, expect, test } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import { enableTotp } from '../../test/support/factors.ts'
import { testInstance } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'

const here = await testInstance()
const { make, db, as } = here
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const [acme, globex] = [await make.organization('Acme'), await make.organization('Globex')]
const createUser = (organizationId = acme.id) => make.user({ organizationId, passwordHash })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

const GROUP_COLUMNS =
  '"subject", "action", "code", "organizationId", "actorId", "throughId", "targetKind", "targetId", "actorName", "address"'

/**
 * Settles the counted refusals as if their minute had passed. Merges counts of two minutes, in case the minute changed
 * during the test.
 */
async function settleMinute(): Promise<void> {
  await db.pool.query(
    `WITH counted AS (DELETE FROM "refusal_count" RETURNING *)
     INSERT INTO "refusal_count" ("minute", ${GROUP_COLUMNS}, "count") SELECT min("minute") - interval '2 minutes', ${GROUP_COLUMNS}, sum("count") FROM counted GROUP BY ${GROUP_COLUMNS}`,
  )
  await flushRefusals(db.prisma)
}

test('lists sign-ins and failed attempts at the username with address, count and reason, but never with the attempting user', async () => {
  const [joe, eve] = [await createUser(), await createUser(globex.id)]
  const attacker = browserAt(here, '192.0.2.66')
  for (let n = 0; n < 3; n++) await attacker.signIn(joe.username, `guess ${n}`)
  // From a browser in which a user of another organization is signed in.
  await browserAt(here, '192.0.2.67', (await make.session(eve)).cookie).signIn(joe.username, 'a guess')
  await settleMinute()
  await browserAt(here, '192.0.2.1').signIn(joe.username, RIGHT)
  const { rows } = await as(joe).session.signInHistory.query({})
  const refused = {
    action: 'session.signIn',
    outcome: 'refused',
    code: 'INVALID_CREDENTIALS',
    device: null,
    current: false,
  }
  expect(
    rows.map(({ id: _, at: __, ...row }) => row).sort((a, b) => (a.address ?? '').localeCompare(b.address ?? '')),
  ).toEqual([
    {
      action: 'session.signIn',
      outcome: 'allowed',
      code: null,
      count: 1,
      device: expect.anything(),
      address: '192.0.2.1',
      current: false,
    },
    { ...refused, count: 3, address: '192.0.2.66' },
    { ...refused, count: 1, address: '192.0.2.67' },
  ])
  expect(rows[0]).toMatchObject({ outcome: 'allowed' })
  expect(JSON.stringify(rows)).not.toContain(eve.id)
  expect(JSON.stringify(rows)).not.toContain(eve.username)
  expect((await as(eve).session.signInHistory.query({})).rows).toEqual([])
})

test('shows each user only the attempts at their own username from one address', async () => {
  const [joe, eve, pat] = [await createUser(), await createUser(), await createUser()]
  const attacker = browserAt(here, '192.0.2.70')
  for (const name of [joe.username, 'unknown.user', eve.username, joe.username]) await attacker.signIn(name, 'a guess')
  await settleMinute()
  const counts = async (user: typeof joe) =>
    (await as(user).session.signInHistory.query({})).rows.map(({ count }) => count)
  expect([await counts(joe), await counts(eve), await counts(pat)]).toEqual([[2], [1], []])
})

test('does not mark a failed attempt in a signed-in browser as the current session’s sign-in', async () => {
  const joe = await createUser()
  const browser = browserAt(here, '192.0.2.75')
  await browser.signIn(joe.username, RIGHT)
  await browser.signIn(joe.username, 'a slip')
  await settleMinute()
  const { body } = await browser.call('session.signInHistory?input=%7B%7D', undefined, 'GET')
  const { rows } = (
    JSON.parse(body) as {
      result: { data: Awaited<ReturnType<ReturnType<typeof as>['session']['signInHistory']['query']>> }
    }
  ).result.data
  expect(rows.map(({ outcome, current }) => [outcome, current]).sort()).toEqual([
    ['allowed', true],
    ['refused', false],
  ])
})

test('lists an attempt with the right password but a wrong second factor', async () => {
  const joe = await createUser()
  await enableTotp(here, joe)
  const thief = browserAt(here, '192.0.2.80')
  await thief.signIn(joe.username, RIGHT)
  await thief.call('session.confirmFactor', { kind: 'code', code: '000000' })
  await settleMinute()
  expect((await as(joe).session.signInHistory.query({})).rows).toMatchObject([
    { action: 'session.confirmFactor', outcome: 'refused', code: 'INVALID_CODE', address: '192.0.2.80' },
  ])
})

test('shows attempts at a username to the user’s manager, and to no manager of another organization', async () => {
  const joe = await createUser()
  const [max, mia] = await Promise.all(
    [acme, globex].map(({ id }) => make.user({ organizationId: id, role: 'manager' })),
  )
  await browserAt(here, '192.0.2.90').signIn(joe.username, 'a guess')
  await settleMinute()
  const read = (reader: typeof joe | undefined) =>
    as(reader ?? joe).user.activity.query({ userId: joe.id, direction: 'done' })
  expect((await read(max)).rows).toMatchObject([
    { action: 'session.signIn', outcome: 'refused', actor: null, address: '192.0.2.90', target: { id: joe.id } },
  ])
  await expect(read(mia)).rejects.toThrow()
})

test('pages through a long history in both directions, and marks the current session', async () => {
  const joe = await createUser()
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
