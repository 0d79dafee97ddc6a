import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { refusalsOf, testInstance, testNode } from '../../test/support/instance.ts'
import { blockChanges, holdLocks, waitForBlocked } from '../../test/support/locks.ts'

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
  (nodes[i % 2] ?? here).anonymous.invitation.accept.mutate({ token, username, password })

async function createBy(manager: { id: string }, input: object = {}) {
  const invitation = await as(manager).invitation.create.mutate(input)
  return { ...invitation, token: invitation.path.split('#')[1] ?? '' }
}

async function countAccounts(invitationId: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM "user" u JOIN "audit_event" e ON e."targetId" = u."id" AND e."action" = 'invitation.accept' AND e."throughId" = $1
     JOIN "member" m ON m."userId" = u."id" JOIN "session" s ON s."userId" = u."id"`,
    [invitationId],
  )
  return rows[0]?.n ?? 0
}

test('creates exactly seven accounts when a hundred requests accept an invitation with seven uses', async () => {
  const workspace = await make.workspace({ organizationId: acme.id })
  const { id, token } = await createBy(ada, { uses: 7, workspaceIds: [workspace.id] })
  // The first requests queue at the invitation's row lock and continue together.
  const release = await holdLocks(db, `SELECT 1 FROM "invitation" WHERE "id" = $1 FOR UPDATE`, [id])
  const claims = (length: number) => refusalsOf(Array.from({ length }, (_, i) => accept(token, i)))
  const first = claims(10)
  await waitForBlocked(db, 10)
  await release()
  // No more at once than the nodes queue passwords.
  const refusals = (await Promise.all([first, claims(30)])).flat()
  for (const length of [30, 30]) refusals.push(...(await claims(length)))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(7)
  for (const refusal of refusals) if (refusal) expect(refusal).toEqual(INVALID)
  expect(await countAccounts(id)).toBe(7)
  const { rows } = await db.pool.query(`SELECT "used" FROM "invitation" WHERE "id" = $1`, [id])
  expect(rows).toEqual([{ used: 7 }])
})

test('gives a contested username to one request, and returns the uses of the others', async () => {
  const { id, token } = await createBy(ada, { uses: 5 })
  const refusals = await refusalsOf(Array.from({ length: 5 }, (_, i) => accept(token, i, 'wanted')))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
  for (const refusal of refusals)
    if (refusal) expect(refusal).toEqual({ code: 'NAME_TAKEN', details: { name: 'wanted', what: 'username' } })
  const { rows } = await db.pool.query(`SELECT "used" FROM "invitation" WHERE "id" = $1`, [id])
  expect(rows).toEqual([{ used: 1 }])
})

test.each([
  'demoted',
  'suspended',
  'suspended with the organization',
  'deleted with the organization',
  'limited to assigned workspaces',
] as const)('accepts an invitation before its inviter is %s, or not at all', async (how) => {
  const invited = async () => {
    const { id: organizationId, name } = await make.organization()
    const manager = await make.user({ organizationId, role: 'manager' })
    const workspace = await make.workspace({ organizationId })
    const { token } = await createBy(manager, { role: 'manager', workspaceIds: [workspace.id] })
    const withdraw = (): Promise<unknown> => {
      const { user, organization } = as(ada)
      if (how === 'demoted') return user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
      if (how === 'suspended') return user.suspend.mutate({ userId: manager.id })
      if (how === 'deleted with the organization')
        return organization.delete.mutate({ organizationId, confirmation: name })
      return how === 'limited to assigned workspaces'
        ? organization.setManagerScope.mutate({ organizationId, managerScope: 'assigned' })
        : organization.suspend.mutate({ organizationId })
    }
    return { withdraw, accept: () => refusalsOf([accept(token, 1)]) }
  }
  const late = await invited()
  let release = await blockChanges(db)
  const withdrawing = late.withdraw()
  await waitForBlocked(db, 1)
  const refused = late.accept()
  await waitForBlocked(db, 2)
  await release()
  await withdrawing
  expect(await refused).toEqual([INVALID])

  const early = await invited()
  release = await blockChanges(db)
  const accepted = early.accept()
  await waitForBlocked(db, 1)
  const waiting = early.withdraw()
  await waitForBlocked(db, 2)
  await release()
  // The account is created; a suspension of its organization ends the new session right away.
  const [refusal] = await accepted
  if (refusal) expect(refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'organization-suspended' } })
  await waiting
})

test('accepts an invitation before it is revoked or resent, or not at all', async () => {
  for (const how of ['revoke', 'resend'] as const) {
    for (const first of ['accept', how] as const) {
      const { id, token } = await createBy(ada, { uses: 2 })
      const end = (): Promise<unknown> => as(ada).invitation[how].mutate({ invitationId: id })
      const release = await blockChanges(db)
      const [one, other] = first === 'accept' ? [() => accept(token, 1), end] : [end, () => accept(token, 1)]
      const before = one()
      await waitForBlocked(db, 1)
      const after = refusalsOf([other()])
      await waitForBlocked(db, 2)
      await release()
      await before
      expect([how, first, await after]).toEqual([how, first, [first === 'accept' ? null : INVALID]])
    }
  }
})

test('deletes an organization while its invitations are being accepted', async () => {
  for (let round = 0; round < 4; round++) {
    const { id: organizationId, name } = await make.organization()
    const manager = await make.user({ organizationId, role: 'manager' })
    const { token } = await createBy(manager, { uses: 50 })
    let settled = 0
    const accepting = Array.from({ length: 6 }, (_, i) => accept(token, i).finally(() => settled++))
    // Each round deletes later: once none, one, two or three have their answer.
    await expect.poll(() => settled, { interval: 1 }).toBeGreaterThanOrEqual(round)
    const deleting = as(ada).organization.delete.mutate({ organizationId, confirmation: name })
    const [deleted, ...accepted] = await refusalsOf([deleting, ...accepting])
    expect(deleted).toBeNull()
    // An acceptance that loses the race sees an invalid link, never a deadlock.
    for (const refusal of accepted) if (refusal) expect(refusal).toEqual(INVALID)
  }
})
