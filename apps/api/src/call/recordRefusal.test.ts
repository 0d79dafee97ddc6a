import { flushRefusals } from '@roster/db'
import { expect, test } from 'vitest'
import { prepareBulk } from '../../test/support/bulk.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { hashPassword } from '../password/hash.ts'

const { make, as, app, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })

interface RefusalRow {
  action: string
  code: string
  count: number
  through: string
  actorId: string | null
  targetId: string | null
}

/** Ends the current minute and reads an action's refusals from the audit log. */
async function recorded(action: string): Promise<RefusalRow[]> {
  await db.pool.query(`UPDATE "refusal_count" SET "minute" = "minute" - interval '2 minutes'`)
  await flushRefusals(db.prisma)
  const { rows } = await db.pool.query<RefusalRow>(
    `SELECT "action", "code", "count", "through", "actorId", "targetId" FROM "audit_event" WHERE "action" = $1 AND "outcome" = 'refused' ORDER BY "code"`,
    [action],
  )
  return rows
}

const from = (remoteAddress: string, procedure: string, body: object) =>
  app.inject({
    method: 'POST',
    url: `/trpc/${procedure}`,
    remoteAddress,
    headers: { host: 'localhost', origin: 'http://localhost' },
    payload: body,
  })

test('counts all addresses of an IPv6 /64 in one row', async () => {
  for (let n = 1; n <= 20; n++)
    await from(`2001:db8:1:2::${n.toString(16)}`, 'session.signIn', { username: 'unknown', password: `guess ${n}` })
  await from('2001:db8:1:3::1', 'session.signIn', { username: 'unknown', password: 'guess' })
  // One row for each network, and one for the first network's TOO_MANY_ATTEMPTS.
  const rows = await recorded('session.signIn')
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(21)
  expect(rows.length).toBeLessThanOrEqual(3)
})

test('records a refused link as the way the request came', async () => {
  await from('192.0.2.1', 'link.inspect', { token: 'made-up' })
  expect(await recorded('link.inspect')).toMatchObject([{ code: 'INVALID_LINK', through: 'link', actorId: null }])
})

test('counts a user’s refusals within the minute, with their target', async () => {
  for (let n = 0; n < 3; n++) await refusalOf(as(max).user.suspend.mutate({ userId: ada.id }))
  expect(await recorded('user.suspend')).toEqual([
    {
      action: 'user.suspend',
      code: 'TARGET_NOT_ALLOWED',
      count: 3,
      through: 'session',
      actorId: max.id,
      targetId: ada.id,
    },
  ])
})

test('records refused rows of a bulk call like refused single calls', async () => {
  const managers = await make.users([1, 2].map(() => ({ organizationId: acme.id, role: 'manager' as const })))
  const user = await make.user({ organizationId: acme.id })
  const apply = await prepareBulk(as(max), [user.id, ada.id, ...managers.map(({ id }) => id)], { kind: 'delete' })
  expect(await apply()).toMatchObject({ changed: 1, refused: 3 })
  expect(await recorded('user.delete')).toMatchObject([{ code: 'TARGET_NOT_ALLOWED', count: 3, actorId: max.id }])
})

test('records refusals by network, with a session and with a correct password', async () => {
  const john = await make.user({
    organizationId: acme.id,
    username: 'john',
    passwordHash: await hashPassword('correct horse battery'),
  })
  const { cookie } = await make.session(john)
  await db.pool.query(`UPDATE "instance" SET "defaultNetworks" = '{10.0.0.0/8}'`)
  const headers = { host: 'localhost', origin: 'http://localhost', cookie }
  await app.inject({ url: '/trpc/workspace.list?input=%7B%7D', remoteAddress: '192.0.2.8', headers })
  await from('192.0.2.8', 'session.signIn', { username: 'john', password: 'correct horse battery' })
  expect(await recorded('workspace.list')).toMatchObject([{ code: 'NETWORK_NOT_ALLOWED', actorId: john.id }])
  expect((await recorded('session.signIn')).filter(({ code }) => code === 'NETWORK_NOT_ALLOWED')).toMatchObject([
    { count: 1, actorId: null },
  ])
})
