import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { refusalsOf, testInstance, testNode } from '../testing/instance.ts'
import { park, parkChanges, untilWaiting } from '../testing/parking.ts'

const here = await testInstance()
const there = await testNode(here.url)
const { make, as, db } = here
const acme = await make.organization()
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const password = 'a password of my own'
const INVALID = { code: 'INVALID_LINK', details: {} }

beforeEach(async () => {
  await db.pool.query(`DELETE FROM "rate_limit"`)
  await db.pool.query(`UPDATE "instance" SET "addressAttempts" = 1000`)
})

const nodes = [here, there] as const
const accept = (token: string, i: number, username = `u${randomUUIDv7()}`) =>
  (nodes[i % 2] ?? here).nobody.invitation.accept.mutate({ token, username, password })

/** As a person does: where the server is busy with others, they try again. */
async function acceptPatiently(token: string, i: number) {
  for (;;) {
    const [refusal] = await refusalsOf([accept(token, i)])
    if (refusal?.code !== 'BUSY') return refusal ?? null
    await sleep(100)
  }
}

async function madeBy(manager: { id: string }, input: object = {}) {
  const made = await as(manager).invitation.create.mutate(input)
  return { ...made, token: made.path.split('#')[1] ?? '' }
}

async function accountsOf(invitationId: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM "user" u JOIN "audit_event" e ON e."targetId" = u."id" AND e."action" = 'invitation.accept' AND e."throughId" = $1
     JOIN "member" m ON m."userId" = u."id" JOIN "session" s ON s."userId" = u."id"`,
    [invitationId],
  )
  return rows[0]?.n ?? 0
}

test('of a hundred who accept an invitation of seven uses at once, seven get an account', async () => {
  const workspace = await make.workspace({ organizationId: acme.id })
  const { id, token } = await madeBy(ada, { uses: 7, workspaceIds: [workspace.id] })
  // All who come first wait at the invitation itself, and go on at once.
  const letGo = await park(db, `SELECT 1 FROM "invitation" WHERE "id" = $1 FOR UPDATE`, [id])
  const claims = (length: number) => Array.from({ length }, (_, i) => acceptPatiently(token, i))
  const first = claims(10)
  await untilWaiting(db, 10)
  await letGo()
  const refusals = await Promise.all([...first, ...claims(90)])
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(7)
  for (const refusal of refusals) if (refusal) expect(refusal).toEqual(INVALID)
  expect(await accountsOf(id)).toBe(7)
  const { rows } = await db.pool.query(`SELECT "used" FROM "invitation" WHERE "id" = $1`, [id])
  expect(rows).toEqual([{ used: 7 }])
})

test('of many who want one username by one invitation, one gets it, and the others’ uses are given back', async () => {
  const { id, token } = await madeBy(ada, { uses: 5 })
  const refusals = await refusalsOf(Array.from({ length: 5 }, (_, i) => accept(token, i, 'wanted')))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
  for (const refusal of refusals) if (refusal) expect(refusal).toEqual({ code: 'NAME_TAKEN', details: { name: 'wanted', what: 'username' } })
  const { rows } = await db.pool.query(`SELECT "used" FROM "invitation" WHERE "id" = $1`, [id])
  expect(rows).toEqual([{ used: 1 }])
})

test.each(['demoted', 'suspended', 'suspended with their organization', 'deleted with their organization', 'held to their workspaces'] as const)(
  'an invitation whose inviter is being %s is accepted before that, or not at all',
  async (how) => {
    const invited = async () => {
      const { id: organizationId, name } = await make.organization()
      const manager = await make.user({ organizationId, role: 'manager' })
      const workspace = await make.workspace({ organizationId })
      const { token } = await madeBy(manager, { role: 'manager', workspaceIds: [workspace.id] })
      const lose = (): Promise<unknown> => {
        const { user, organization } = as(ada)
        if (how === 'demoted') return user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
        if (how === 'suspended') return user.suspend.mutate({ userId: manager.id })
        if (how === 'deleted with their organization') return organization.delete.mutate({ organizationId, confirmation: name })
        return how === 'held to their workspaces'
          ? organization.setManagerScope.mutate({ organizationId, managerScope: 'assigned' })
          : organization.suspend.mutate({ organizationId })
      }
      return { lose, accept: () => refusalsOf([accept(token, 1)]) }
    }
    const late = await invited()
    let letGo = await parkChanges(db)
    const losing = late.lose()
    await untilWaiting(db, 1)
    const refused = late.accept()
    await untilWaiting(db, 2)
    await letGo()
    await losing
    expect(await refused).toEqual([INVALID])

    const early = await invited()
    letGo = await parkChanges(db)
    const accepted = early.accept()
    await untilWaiting(db, 1)
    const waiting = early.lose()
    await untilWaiting(db, 2)
    await letGo()
    // The account is made; with their organization the newcomer is out again in the same moment.
    const [told] = await accepted
    if (told) expect(told).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'organization-suspended' } })
    await waiting
  },
)

test('an invitation that is being revoked or sent again is accepted before that, or not at all', async () => {
  for (const how of ['revoke', 'resend'] as const) {
    for (const first of ['accept', how] as const) {
      const { id, token } = await madeBy(ada, { uses: 2 })
      const end = (): Promise<unknown> => as(ada).invitation[how].mutate({ invitationId: id })
      const letGo = await parkChanges(db)
      const [one, other] = first === 'accept' ? [() => accept(token, 1), end] : [end, () => accept(token, 1)]
      const before = one()
      await untilWaiting(db, 1)
      const after = refusalsOf([other()])
      await untilWaiting(db, 2)
      await letGo()
      await before
      expect([how, first, await after]).toEqual([how, first, [first === 'accept' ? null : INVALID]])
    }
  }
})

test('an organization is deleted at once while its invitations are being accepted', async () => {
  for (let round = 0; round < 4; round++) {
    const { id: organizationId, name } = await make.organization()
    const manager = await make.user({ organizationId, role: 'manager' })
    const { token } = await madeBy(manager, { uses: 50 })
    const accepting = Array.from({ length: 6 }, (_, i) => accept(token, i))
    await sleep(40 * round)
    const deleting = as(ada).organization.delete.mutate({ organizationId, confirmation: name })
    const [deleted, ...accepted] = await refusalsOf([deleting, ...accepting])
    expect(deleted).toBeNull()
    // Those who wait for each other until the database ends it are told that it is busy.
    for (const refusal of accepted) if (refusal) expect(refusal).toEqual(INVALID)
  }
})
