import { randomUUIDv7 } from 'node:crypto'
import type { MemberUpdate } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../test/support/instance.ts'

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
const twoUsers = async () => (await newUsers(2)) as [User, User]
const ids = (users: readonly { id: string }[]) => users.map(({ id }) => id)
async function membersOf(workspaceId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ userId: string }>(
    `SELECT "userId" FROM "member" WHERE "workspaceId" = $1 AND ("expiresAt" IS NULL OR "expiresAt" > now()) ORDER BY 1`,
    [workspaceId],
  )
  return rows.map(({ userId }) => userId)
}

test('adds and removes exactly the given users, and returns them', async () => {
  const workspace = await newWorkspace()
  const [a, b, c] = ids(await newUsers(3)).sort() as [string, string, string]
  const { update } = as(max).member
  expect(await update.mutate({ workspaceId: workspace.id, add: [b, a] })).toEqual({
    added: [a, b],
    removed: [],
    unchanged: 0,
    memberCount: 2,
    ends: [],
  })
  expect(await update.mutate({ workspaceId: workspace.id, add: [c], remove: [a] })).toEqual({
    added: [c],
    removed: [a],
    unchanged: 0,
    memberCount: 2,
    ends: [],
  })
  expect(await membersOf(workspace.id)).toEqual([b, c])
})

test('counts users who already are, or are not, members as unchanged, and audits nothing without a change', async () => {
  const workspace = await newWorkspace()
  const [inside, outside] = await twoUsers()
  await make.members(workspace, [inside])
  const result = await as(max).member.update.mutate({
    workspaceId: workspace.id,
    add: [inside.id, inside.id],
    remove: [outside.id],
  })
  expect(result).toEqual({ added: [], removed: [], unchanged: 2, memberCount: 1, ends: [] })
  expect(await audit(workspace.id)).toEqual([])
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id })).toEqual({
    added: [],
    removed: [],
    unchanged: 0,
    memberCount: 1,
    ends: [],
  })
})

test('audits a save once with its counts, and once for each user', async () => {
  const workspace = await newWorkspace()
  const [joining, leaving] = await twoUsers()
  await make.members(workspace, [leaving])
  await as(max).member.update.mutate({ workspaceId: workspace.id, add: [joining.id], remove: [leaving.id] })
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
  expect(await audit(joining.id)).toMatchObject([
    { action: 'member.added', targetKind: 'user', workspaceId: workspace.id, actorId: max.id, batchId },
  ])
  expect(await audit(leaving.id)).toMatchObject([
    { action: 'member.removed', targetKind: 'user', workspaceId: workspace.id, actorId: max.id, batchId },
  ])
})

test('refuses the whole call when an id is unknown, and returns all unknown ids', async () => {
  const workspace = await newWorkspace()
  const [a, inside] = await twoUsers()
  await make.members(workspace, [inside])
  const foreign = await make.user({ organizationId: other.id })
  const deleted = await make.user({ organizationId: acme.id, status: 'deleted' })
  const missing = randomUUIDv7()
  for (const actor of [max, ada]) {
    const refusal = await refusalOf(
      as(actor).member.update.mutate({
        workspaceId: workspace.id,
        add: [a.id, foreign.id, missing],
        remove: [inside.id, deleted.id],
      }),
    )
    expect(refusal).toEqual({ code: 'UNKNOWN_IDS', details: { what: 'user', ids: [foreign.id, missing, deleted.id] } })
  }
  expect(await membersOf(workspace.id)).toEqual([inside.id])
  expect(await audit(workspace.id)).toEqual([])
})

test('refuses an id in both lists', async () => {
  const workspace = await newWorkspace()
  expect(
    await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, add: [dora.id], remove: [dora.id] })),
  ).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['remove'] }] },
  })
})

test('adds suspended users and users of every role', async () => {
  const workspace = await newWorkspace()
  const users = await make.users([
    { organizationId: acme.id, status: 'suspended' },
    { organizationId: acme.id, role: 'manager' },
    { organizationId: acme.id, role: 'administrator' },
  ])
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id, add: ids(users) })).toMatchObject({
    added: ids(users).sort(),
    memberCount: 3,
  })
})

test('treats an expired membership as none, and starts a new one when the user is added again', async () => {
  const workspace = await newWorkspace()
  const [returning, expired] = await twoUsers()
  await make.members(workspace, [returning, expired], PAST)
  await db.pool.query(`UPDATE "member" SET "addedAt" = $2 WHERE "workspaceId" = $1`, [workspace.id, PAST])
  const result = await as(max).member.update.mutate({
    workspaceId: workspace.id,
    add: [returning.id],
    remove: [expired.id],
  })
  expect(result).toEqual({ added: [returning.id], removed: [], unchanged: 1, memberCount: 1, ends: [] })
  const [row] = (await as(max).member.list.query({ workspaceId: workspace.id })).rows
  expect(row).toMatchObject({ userId: returning.id, addedBy: 'max', expiresAt: null })
  expect(Date.parse(String(row?.addedAt))).toBeGreaterThan(PAST.getTime())
})

test('refuses additions to an archived workspace, and still removes members', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Shut', archived: true })
  await make.members(workspace, [dora])
  const refused = { code: 'WORKSPACE_ARCHIVED', details: { name: 'Shut' } }
  expect(
    await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, add: [max.id], remove: [dora.id] })),
  ).toEqual(refused)
  expect(await refusalOf(saveMatching({ workspaceId: workspace.id, add: { matching: [{ search: 'max' }] } }))).toEqual(
    refused,
  )
  expect(await as(max).member.update.mutate({ workspaceId: workspace.id, remove: [dora.id] })).toMatchObject({
    removed: [dora.id],
    memberCount: 0,
  })
})

/** Saves with the token of a preview. */
async function saveMatching(input: Omit<MemberUpdate, 'token' | 'ends'>) {
  const { previewUpdate, update } = as(max).member
  return update.mutate({ ...input, token: (await previewUpdate.query(input)).token })
}

test('“all matching” adds every match without the exceptions, and the users selected by hand', async () => {
  const workspace = await newWorkspace()
  const users = await make.users(
    ['kim', 'kimba', 'kimono', 'kimura', 'lars'].map((username) => ({ organizationId: acme.id, username })),
  )
  const [kim, kimba, kimono, kimura, lars] = ids(users) as [string, string, string, string, string]
  await make.user({ organizationId: other.id, username: 'kimberley' })
  await make.members(workspace, [{ id: kimono }])
  const add = { matching: [{ search: 'kim' }, { search: 'lars' }], ids: [dora.id], except: [kimba] }
  const result = await saveMatching({ workspaceId: workspace.id, add })
  expect(new Set(result.added)).toEqual(new Set([kim, kimura, lars, dora.id]))
  expect(result).toMatchObject({ removed: [], unchanged: 0, memberCount: 5 })
})

test('“all matching” leaves out users that the same call removes', async () => {
  const workspace = await newWorkspace()
  const [a, b] = ids(
    await make.users(['leo.a', 'leo.b'].map((username) => ({ organizationId: acme.id, username }))),
  ) as [string, string]
  await make.members(workspace, [{ id: a }])
  const input = { workspaceId: workspace.id, remove: [a], add: { matching: [{ search: 'leo' }] } }
  expect(await saveMatching(input)).toEqual({ added: [b], removed: [a], unchanged: 0, memberCount: 1, ends: [] })
})

test('“all matching” is refused without the token of a preview, and when other users match by then', async () => {
  const workspace = await newWorkspace()
  await make.users(['nina', 'nino'].map((username) => ({ organizationId: acme.id, username })))
  const input = { workspaceId: workspace.id, add: { matching: [{ search: 'nin' }], ids: [dora.id] } }
  const { previewUpdate, update } = as(max).member
  const outdated = { code: 'PREVIEW_OUTDATED', details: {} }
  const { token } = await previewUpdate.query(input)
  const { token: foreign } = await as(ada).member.previewUpdate.query(input)
  const { token: elsewhere } = await previewUpdate.query({ ...input, workspaceId: (await newWorkspace()).id })
  for (const wrong of [undefined, 'x', foreign, elsewhere])
    expect(await refusalOf(update.mutate({ ...input, token: wrong }))).toEqual(outdated)

  // As many match as before, but not the same users.
  const [nina] = (await as(max).member.candidates.query({ workspaceId: workspace.id, filter: { search: 'nina' } })).rows
  await as(max).user.update.mutate({ userId: String(nina?.id), expectedVersion: 1, username: 'zora' })
  await make.user({ organizationId: acme.id, username: 'ninette' })
  expect(await refusalOf(update.mutate({ ...input, token }))).toEqual(outdated)
  expect(await membersOf(workspace.id)).toEqual([])
  expect(await saveMatching(input)).toMatchObject({ memberCount: 3 })
})

test('“all matching” is refused when another manager has added one of the matches since', async () => {
  const workspace = await newWorkspace()
  const [olaf] = ids(await make.users(['olaf', 'olaf2'].map((username) => ({ organizationId: acme.id, username }))))
  const input = { workspaceId: workspace.id, add: { matching: [{ search: 'olaf' }] } }
  const { token, added } = await as(max).member.previewUpdate.query(input)
  expect(added).toBe(2)
  await as(ada).member.update.mutate({ workspaceId: workspace.id, add: [String(olaf)] })
  expect(await refusalOf(as(max).member.update.mutate({ ...input, token }))).toMatchObject({ code: 'PREVIEW_OUTDATED' })
  expect(await saveMatching(input)).toMatchObject({ unchanged: 0, memberCount: 2 })
})

test('refuses default users, and hides workspaces of other organizations like missing ones', async () => {
  const workspace = await newWorkspace()
  await make.members(workspace, [dora])
  expect(
    await refusalOf(as(dora).member.update.mutate({ workspaceId: workspace.id, remove: [dora.id] })),
  ).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  const foreign = await make.workspace({ organizationId: other.id })
  const hidden = { code: 'NOT_FOUND', details: { what: 'workspace' } }
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: foreign.id, add: [max.id] }))).toEqual(hidden)
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: randomUUIDv7(), add: [max.id] }))).toEqual(hidden)
})

test('ends the membership of a user who leaves, and audits it', async () => {
  const workspace = await newWorkspace()
  await make.members(workspace, [dora, max])
  expect(await as(dora).member.leave.mutate({ workspaceId: workspace.id })).toEqual({ left: true })
  expect(await membersOf(workspace.id)).toEqual([max.id])
  expect((await audit(dora.id)).at(-1)).toMatchObject({
    action: 'member.leave',
    actorId: dora.id,
    workspaceId: workspace.id,
  })
  expect(await refusalOf(as(dora).member.leave.mutate({ workspaceId: workspace.id }))).toEqual({
    code: 'NOT_FOUND',
    details: { what: 'workspace' },
  })
  expect(await as(max).member.leave.mutate({ workspaceId: workspace.id })).toEqual({ left: true })
  expect(await refusalOf(as(max).member.leave.mutate({ workspaceId: workspace.id }))).toMatchObject({
    code: 'TARGET_NOT_ALLOWED',
  })
})
