import { REQUESTS_MAX } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { refusalOf, refusalsOf, testInstance, testNode } from '../../test/support/instance.ts'
import { blockChanges, waitForBlocked } from '../../test/support/locks.ts'

const { make, as, db, url, audit } = await testInstance()
const there = await testNode(url)
const acme = await make.organization('Acme')
await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const research = await make.workspace({ organizationId: acme.id, name: 'Research' })
const NOT_FOUND = { code: 'NOT_FOUND', details: { what: 'request' } }

/** Creates a member, the member's request for a colleague, and that colleague. */
async function createRequest(workspace = research) {
  const [dora, grace] = [await make.user({ organizationId: acme.id }), await make.user({ organizationId: acme.id })]
  await make.members(workspace, [dora])
  const { id } = await as(dora).request.create.mutate({
    workspaceId: workspace.id,
    colleague: 'Grace from sales',
    note: 'She runs the pilot',
  })
  return { id, dora, grace, at: { workspaceId: workspace.id, requestId: id } }
}
const accepting = ({ id: userId }: { id: string }) => ({ decision: { kind: 'accept' as const, userId } })
const DECLINE = { decision: { kind: 'decline' as const } }
const isMember = async (userId: string, workspaceId = research.id): Promise<boolean> =>
  (await db.pool.query(`SELECT 1 FROM "member" WHERE "userId" = $1 AND "workspaceId" = $2`, [userId, workspaceId]))
    .rowCount === 1

test('adds the user that a manager accepts a member’s request with', async () => {
  const { id, dora, grace, at } = await createRequest()
  expect((await as(max).request.list.query({ open: true })).rows[0]).toMatchObject({
    id,
    workspaceName: 'Research',
    colleague: 'Grace from sales',
    note: 'She runs the pilot',
    state: 'open',
    requestedBy: { id: dora.id, username: dora.username },
  })
  expect(await as(max).request.decide.mutate({ ...at, ...accepting(grace) })).toEqual({ added: true })
  expect(await isMember(grace.id)).toBe(true)
  expect((await as(max).request.list.query({})).rows[0]).toMatchObject({
    state: 'accepted',
    decidedBy: { id: max.id },
    user: { id: grace.id },
  })
  // The requesting member sees the outcome, but neither who decided nor who was added.
  expect((await as(dora).request.list.query({})).rows).toMatchObject([
    { id, state: 'accepted', decidedBy: null, user: null },
  ])
  expect((await audit(id)).map(({ action, actorId }) => [action, actorId])).toEqual([
    ['request.create', dora.id],
    ['request.decide', max.id],
  ])
  expect((await audit(grace.id)).map(({ action }) => action)).toEqual(['member.added'])
})

test('adds no member when a request is declined, or when the accepted user already is one', async () => {
  const declined = await createRequest()
  expect(await as(max).request.decide.mutate({ ...declined.at, ...DECLINE })).toEqual({ added: false })
  expect((await as(declined.dora).request.list.query({})).rows).toMatchObject([{ state: 'declined' }])
  const { dora, at } = await createRequest()
  expect(await as(max).request.decide.mutate({ ...at, ...accepting(dora) })).toEqual({ added: false })
})

test('accepts one of two concurrent decisions, and tells the other manager who decided', async () => {
  const mia = await make.user({ organizationId: acme.id, username: 'mia', role: 'manager' })
  for (const other of ['accept', 'decline'] as const) {
    const { at, grace, dora } = await createRequest()
    const otherUser = await make.user({ organizationId: acme.id })
    const release = await blockChanges(db)
    const first = as(max).request.decide.mutate({ ...at, ...accepting(grace) })
    await waitForBlocked(db, 1)
    const second = there
      .as(mia)
      .request.decide.mutate({ ...at, ...(other === 'accept' ? accepting(otherUser) : DECLINE) })
    const both = refusalsOf([first, second])
    await waitForBlocked(db, 2)
    await release()
    const refusals = await both
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
    const won = refusals.indexOf(null)
    const accepted = won === 0 || other === 'accept'
    expect(refusals[1 - won]).toEqual({ code: 'REQUEST_DECIDED', details: { accepted, by: won === 0 ? 'max' : 'mia' } })
    expect([await isMember(grace.id), await isMember(otherUser.id)]).toEqual([
      won === 0,
      won === 1 && other === 'accept',
    ])
    expect((await as(dora).request.list.query({})).rows).toMatchObject([{ state: accepted ? 'accepted' : 'declined' }])
  }
})

test('lets only the requesting member withdraw an open request', async () => {
  const { id, dora, grace, at } = await createRequest()
  for (const other of [grace, max])
    expect(await refusalOf(as(other).request.withdraw.mutate({ requestId: id }))).toEqual(NOT_FOUND)
  expect(await as(dora).request.withdraw.mutate({ requestId: id })).toEqual({ withdrawn: true })
  expect(await refusalOf(as(dora).request.withdraw.mutate({ requestId: id }))).toEqual(NOT_FOUND)
  expect(await refusalOf(as(max).request.decide.mutate({ ...at, ...DECLINE }))).toEqual(NOT_FOUND)
})

test('limits a user to ten open requests, also under concurrency', async () => {
  const dora = await make.user({ organizationId: acme.id })
  await make.members(research, [dora])
  await as(dora).session.me.query()
  const ask = () => as(dora).request.create.mutate({ workspaceId: research.id, colleague: 'A colleague' })
  const refusals = await refusalsOf(Array.from({ length: REQUESTS_MAX + 4 }, ask))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(REQUESTS_MAX)
  for (const refusal of refusals)
    if (refusal) expect(refusal).toEqual({ code: 'TOO_MANY_REQUESTS', details: { max: REQUESTS_MAX } })
  const [open] = (await as(dora).request.list.query({})).rows
  await as(max).request.decide.mutate({ workspaceId: research.id, requestId: open?.id ?? '', ...DECLINE })
  await ask()
})

test('refuses to create or accept a request for an archived workspace', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Old' })
  const { dora, grace, at } = await createRequest(workspace)
  await as(max).workspace.archive.mutate({ workspaceId: workspace.id })
  const archived = { code: 'WORKSPACE_ARCHIVED', details: { name: 'Old' } }
  expect(
    await refusalOf(as(dora).request.create.mutate({ workspaceId: workspace.id, colleague: 'A colleague' })),
  ).toEqual(archived)
  expect(await refusalOf(as(max).request.decide.mutate({ ...at, ...accepting(grace) }))).toEqual(archived)
  expect(await as(max).request.decide.mutate({ ...at, ...DECLINE })).toEqual({ added: false })
})

test('refuses a user of another organization, and keeps the request open', async () => {
  const { id, at } = await createRequest()
  const away = await make.organization()
  const outsider = await make.user({ organizationId: away.id })
  const before = await fingerprint(db)
  expect(await refusalOf(as(max).request.decide.mutate({ ...at, ...accepting(outsider) }))).toEqual({
    code: 'UNKNOWN_IDS',
    details: { what: 'user', ids: [outsider.id] },
  })
  expect(await fingerprint(db)).toEqual(before)
  expect((await as(max).request.list.query({ open: true })).rows.map((row) => row.id)).toContain(id)
})

test('shows requests to managers in scope, and to the requesting member while they are in the workspace', async () => {
  const { id: organizationId } = await make.organization()
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [organizationId])
  const [inside, outside] = [await make.workspace({ organizationId }), await make.workspace({ organizationId })]
  const [mia, dora] = [await make.user({ organizationId, role: 'manager' }), await make.user({ organizationId })]
  await make.members(inside, [mia, dora])
  await make.members(outside, [dora])
  const [expected, hidden] = await Promise.all(
    [inside, outside].map(({ id: workspaceId }) =>
      as(dora).request.create.mutate({ workspaceId, colleague: 'A colleague' }),
    ),
  )
  expect((await as(mia).request.list.query({})).rows.map(({ id }) => id)).toEqual([expected?.id])
  expect((await as(mia).request.list.query({ workspaceId: outside.id })).total.count).toBe(0)
  expect((await as(max).request.list.query({ workspaceId: inside.id })).rows).toEqual([])
  for (const workspaceId of [outside.id, inside.id])
    expect(
      await refusalOf(as(mia).request.decide.mutate({ workspaceId, requestId: hidden?.id ?? '', ...DECLINE })),
    ).toMatchObject({ code: 'NOT_FOUND' })
  await db.pool.query(`DELETE FROM "member" WHERE "workspaceId" = $1 AND "userId" = $2`, [outside.id, dora.id])
  expect((await as(dora).request.list.query({})).rows.map(({ id }) => id)).toEqual([expected?.id])
})

test('names the users of a request only to readers who may see them', async () => {
  const away = await make.organization()
  const root = await make.user({ organizationId: away.id, role: 'administrator', passwordHash: 'x' })
  const { id, dora, grace, at } = await createRequest()
  await as(root).request.decide.mutate({ ...at, ...accepting(grace) })
  for (const userId of [dora.id, grace.id])
    await as(root).user.move.mutate({ userId, organizationId: away.id, expected: acme.id, role: 'default' })
  const listed = async (reader: { id: string }) =>
    (await as(reader).request.list.query({})).rows.find((row) => row.id === id)
  expect(await listed(max)).toMatchObject({
    state: 'accepted',
    colleague: 'Grace from sales',
    requestedBy: null,
    decidedBy: null,
    user: null,
  })
  const late = { code: 'REQUEST_DECIDED', details: { accepted: true, by: null } }
  expect(await refusalOf(as(max).request.decide.mutate({ ...at, ...DECLINE }))).toEqual(late)
  expect(await listed(root)).toMatchObject({
    requestedBy: { id: dora.id },
    decidedBy: { id: root.id },
    user: { id: grace.id },
  })
})
