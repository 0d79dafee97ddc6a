import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../testing/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const ada = await make.user({ organizationId: other.id, username: 'ada', role: 'administrator' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const dora = await make.user({ organizationId: acme.id, username: 'dora' })
type User = typeof dora
const PAST = new Date(Date.now() - 60_000)

const newWorkspace = () => make.workspace({ organizationId: acme.id })
const newUsers = (count: number) => make.users(Array.from({ length: count }, () => ({ organizationId: acme.id })))
const two = async () => (await newUsers(2)) as [User, User]
const ids = (users: readonly { id: string }[]) => users.map(({ id }) => id)
async function membersOf(workspaceId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ userId: string }>(
    `SELECT "userId" FROM "member" WHERE "workspaceId" = $1 AND ("expiresAt" IS NULL OR "expiresAt" > now()) ORDER BY 1`,
    [workspaceId],
  )
  return rows.map(({ userId }) => userId)
}

test('a save adds and removes exactly its difference, and says who', async () => {
  const workspace = await newWorkspace()
  const [a, b, c] = ids(await newUsers(3)).sort() as [string, string, string]
  const { update } = as(max).member
  expect(await update.mutate({ workspaceId: workspace.id, add: [b, a] })).toEqual({ added: [a, b], removed: [], unchanged: 0, memberCount: 2, ends: [] })
  expect(await update.mutate({ workspaceId: workspace.id, add: [c], remove: [a] })).toEqual({
    added: [c],
    removed: [a],
    unchanged: 0,
    memberCount: 2,
    ends: [],
  })
  expect(await membersOf(workspace.id)).toEqual([b, c])
})

test('who is already in, or already out, stays so and is counted; a save that changes nothing is not written down', async () => {
  const workspace = await newWorkspace()
  const [inside, outside] = await two()
  await make.members(workspace, [inside])
  const result = await as(max).member.update.mutate({ workspaceId: workspace.id, add: [inside.id, inside.id], remove: [outside.id] })
  expect(result).toEqual({ added: [], removed: [], unchanged: 2, memberCount: 1, ends: [] })
  expect(await audit(workspace.id)).toEqual([])
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id })).toEqual({ added: [], removed: [], unchanged: 0, memberCount: 1, ends: [] })
})

test('a save is written down once with its counts, and once for each person', async () => {
  const workspace = await newWorkspace()
  const [joins, goes] = await two()
  await make.members(workspace, [goes])
  await as(max).member.update.mutate({ workspaceId: workspace.id, add: [joins.id], remove: [goes.id] })
  const [summary, ...more] = await audit(workspace.id)
  expect(more).toEqual([])
  expect(summary).toMatchObject({
    action: 'member.update',
    actorId: max.id,
    organizationId: acme.id,
    targetName: workspace.name,
    after: { added: 1, removed: 1, memberCount: 1 },
  })
  const batchId = summary?.batchId
  expect(batchId).toEqual(expect.any(String))
  expect(await audit(joins.id)).toMatchObject([{ action: 'member.added', targetKind: 'user', workspaceId: workspace.id, actorId: max.id, batchId }])
  expect(await audit(goes.id)).toMatchObject([{ action: 'member.removed', targetKind: 'user', workspaceId: workspace.id, actorId: max.id, batchId }])
})

test('one unknown id refuses the whole save, naming everybody who is not there', async () => {
  const workspace = await newWorkspace()
  const [a, inside] = await two()
  await make.members(workspace, [inside])
  const foreign = await make.user({ organizationId: other.id })
  const deleted = await make.user({ organizationId: acme.id, status: 'deleted' })
  const missing = randomUUIDv7()
  for (const caller of [max, ada]) {
    const refusal = await refusalOf(
      as(caller).member.update.mutate({ workspaceId: workspace.id, add: [a.id, foreign.id, missing], remove: [inside.id, deleted.id] }),
    )
    expect(refusal).toEqual({ code: 'UNKNOWN_IDS', details: { what: 'user', ids: [foreign.id, missing, deleted.id] } })
  }
  expect(await membersOf(workspace.id)).toEqual([inside.id])
  expect(await audit(workspace.id)).toEqual([])
})

test('an id in both lists is refused as bad input', async () => {
  const workspace = await newWorkspace()
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, add: [dora.id], remove: [dora.id] }))).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['remove'] }] },
  })
})

test('a suspended person may be added, and every role may', async () => {
  const workspace = await newWorkspace()
  const users = await make.users([
    { organizationId: acme.id, status: 'suspended' },
    { organizationId: acme.id, role: 'manager' },
    { organizationId: acme.id, role: 'administrator' },
  ])
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id, add: ids(users) })).toMatchObject({ added: ids(users).sort(), memberCount: 3 })
})

test('a membership that ended by itself counts as out, and adding the person again begins it anew', async () => {
  const workspace = await newWorkspace()
  const [back, gone] = await two()
  await make.members(workspace, [back, gone], PAST)
  await db.pool.query(`UPDATE "member" SET "addedAt" = $2 WHERE "workspaceId" = $1`, [workspace.id, PAST])
  const result = await as(max).member.update.mutate({ workspaceId: workspace.id, add: [back.id], remove: [gone.id] })
  expect(result).toEqual({ added: [back.id], removed: [], unchanged: 1, memberCount: 1, ends: [] })
  const [row] = (await as(max).member.list.query({ workspaceId: workspace.id })).rows
  expect(row).toMatchObject({ userId: back.id, addedBy: 'max', expiresAt: null })
  expect(Date.parse(String(row?.addedAt))).toBeGreaterThan(PAST.getTime())
})

test('to an archived workspace nobody is added; removing stays possible', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Shut', archived: true })
  await make.members(workspace, [dora])
  const refused = { code: 'WORKSPACE_ARCHIVED', details: { name: 'Shut' } }
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, add: [max.id], remove: [dora.id] }))).toEqual(refused)
  const all = { filter: { search: 'dora' }, expectedCount: 1 }
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, addMatching: all }))).toEqual(refused)
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id, remove: [dora.id] })).toMatchObject({ removed: [dora.id], memberCount: 0 })
})

test('“all matching” adds whoever matches but those left out, and those selected by hand', async () => {
  const workspace = await newWorkspace()
  const users = await make.users(['kim', 'kimba', 'kimono', 'kimura'].map((username) => ({ organizationId: acme.id, username })))
  const [kim, kimba, kimono, kimura] = ids(users) as [string, string, string, string]
  await make.user({ organizationId: other.id, username: 'kimberley' })
  await make.members(workspace, [{ id: kimono }])
  const input = { workspaceId: workspace.id, add: [dora.id], addMatching: { filter: { search: 'kim' }, except: [kimba], expectedCount: 4 } }
  const result = await as(max).member.update.mutate(input)
  expect(new Set(result.added)).toEqual(new Set([kim, kimura, dora.id]))
  expect(result).toMatchObject({ removed: [], unchanged: 1, memberCount: 4 })
})

test('“all matching” leaves out who is removed by hand in the same save', async () => {
  const workspace = await newWorkspace()
  const [a, b] = ids(await make.users(['leo.a', 'leo.b'].map((username) => ({ organizationId: acme.id, username })))) as [string, string]
  await make.members(workspace, [{ id: a }])
  const input = { workspaceId: workspace.id, remove: [a], addMatching: { filter: { search: 'leo' }, expectedCount: 2 } }
  expect(await as(max).member.update.mutate(input)).toEqual({ added: [b], removed: [a], unchanged: 0, memberCount: 1, ends: [] })
})

test('“all matching” is refused when others or more match than were seen', async () => {
  const workspace = await newWorkspace()
  await make.users(['nina', 'nino'].map((username) => ({ organizationId: acme.id, username })))
  const matching = (expectedCount: number) => ({ workspaceId: workspace.id, add: [dora.id], addMatching: { filter: { search: 'nin' }, expectedCount } })
  for (const expectedCount of [0, 1, 3]) {
    expect(await refusalOf(as(max).member.update.mutate(matching(expectedCount)))).toEqual({ code: 'PREVIEW_OUTDATED', details: {} })
  }
  expect(await membersOf(workspace.id)).toEqual([])
  expect(await as(max).member.update.mutate(matching(2))).toMatchObject({ memberCount: 3 })
})

test('“all matching” among those who are not members counts them as the picker did', async () => {
  const workspace = await newWorkspace()
  const users = await make.users(['olaf', 'olaf2'].map((username) => ({ organizationId: acme.id, username })))
  await make.members(workspace, users.slice(0, 1))
  const filter = { search: 'olaf', member: false }
  const { matching } = await as(max).member.candidates.query({ workspaceId: workspace.id, filter })
  const result = await as(max).member.update.mutate({ workspaceId: workspace.id, addMatching: { filter, expectedCount: matching.count } })
  expect(result).toEqual({ added: ids(users.slice(1)), removed: [], unchanged: 0, memberCount: 2, ends: [] })
})

test('a default user changes nobody; a manager nobody elsewhere; what is not there is not told apart', async () => {
  const workspace = await newWorkspace()
  await make.members(workspace, [dora])
  expect(await refusalOf(as(dora).member.update.mutate({ workspaceId: workspace.id, remove: [dora.id] }))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  const foreign = await make.workspace({ organizationId: other.id })
  const hidden = { code: 'NOT_FOUND', details: { what: 'workspace' } }
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: foreign.id, add: [max.id] }))).toEqual(hidden)
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: randomUUIDv7(), add: [max.id] }))).toEqual(hidden)
})

test('leaving ends one’s own membership at once, and is written down', async () => {
  const workspace = await newWorkspace()
  await make.members(workspace, [dora, max])
  expect(await as(dora).member.leave.mutate({ workspaceId: workspace.id })).toEqual({ left: true })
  expect(await membersOf(workspace.id)).toEqual([max.id])
  expect((await audit(dora.id)).at(-1)).toMatchObject({ action: 'member.leave', actorId: dora.id, workspaceId: workspace.id })
  expect(await refusalOf(as(dora).member.leave.mutate({ workspaceId: workspace.id }))).toEqual({ code: 'NOT_FOUND', details: { what: 'workspace' } })
  expect(await as(max).member.leave.mutate({ workspaceId: workspace.id })).toEqual({ left: true })
  expect(await refusalOf(as(max).member.leave.mutate({ workspaceId: workspace.id }))).toMatchObject({ code: 'TARGET_NOT_ALLOWED' })
})
