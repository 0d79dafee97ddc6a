import { randomUUIDv7 } from 'node:crypto'
import type { BulkAction, SelectionInput, UserFilter } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, refusalsOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
await as(max).session.me.query()
await as(ada).session.me.query()
const { user } = as(max)
const newUsers = (count: number, given: object = {}) =>
  make.users(Array.from({ length: count }, () => ({ organizationId: acme.id, ...given })))
const selected = (users: readonly { id: string }[]) => users.map(({ id }) => id)
const OUTDATED = { code: 'PREVIEW_OUTDATED', details: {} }

/** Previews and applies a bulk change. */
async function bulk(selection: SelectionInput<UserFilter>, action: BulkAction, by = max) {
  const { token } = await as(by).user.previewBulk.query({ selection, action })
  return as(by).user.applyBulk.mutate({ selection, action, token })
}

test('previews exact counts of changed, unchanged and refused rows with reasons, and changes nothing', async () => {
  const users = [
    ...(await newUsers(3)),
    ...(await newUsers(2, { status: 'suspended' })),
    ada,
    max,
    ...(await newUsers(2, { role: 'manager' })),
  ]
  const before = await fingerprint(db)
  const preview = await user.previewBulk.query({ selection: selected(users), action: { kind: 'suspend' } })
  expect(preview).toMatchObject({ total: 9, change: 3, nothing: 2, refused: 4 })
  expect(preview.rows).toHaveLength(9)
  const refusal = (relation: string, targetRole?: string) => ({
    code: 'TARGET_NOT_ALLOWED',
    details: { action: 'user.suspend', role: 'manager', relation, ...(targetRole ? { targetRole } : {}) },
  })
  expect(new Set(preview.reasons)).toEqual(
    new Set([
      { refusal: refusal('superior', 'administrator'), count: 1 },
      { refusal: refusal('self'), count: 1 },
      { refusal: refusal('peer', 'manager'), count: 2 },
    ]),
  )
  expect(await fingerprint(db)).toEqual(before)
})

test('counts all rows in a preview, and returns the first hundred of each outcome', async () => {
  await newUsers(130, { displayName: 'Herd' })
  const preview = await user.previewBulk.query({
    selection: { matching: [{ search: 'herd' }] },
    action: { kind: 'setLimit', dailyLimit: 5 },
  })
  expect(preview).toMatchObject({ total: 130, change: 130, nothing: 0, refused: 0, reasons: [] })
  expect(preview.rows).toHaveLength(100)
})

test('applies what was previewed under one batch id, and refused rows do not stop the others', async () => {
  const [one, two] = (await newUsers(2)) as [typeof max, typeof max]
  const [idle] = (await newUsers(1, { status: 'suspended' })) as [typeof max]
  const result = await bulk(selected([one, ada, two, max, idle]), { kind: 'suspend' })
  expect(result).toMatchObject({ changed: 2, nothing: 1, refused: 2 })
  const outcome = Object.fromEntries(result.rows.map((row) => [row.username, row.outcome]))
  expect(outcome).toEqual({
    [one.username]: 'changed',
    [two.username]: 'changed',
    [idle.username]: 'nothing',
    ada: 'refused',
    max: 'refused',
  })
  for (const { id } of [one, two])
    expect(await audit(id)).toMatchObject([
      { action: 'user.suspend', actorId: max.id, batchId: result.batchId, after: { status: 'suspended' } },
    ])
  for (const { id } of [idle, ada, max]) expect(await audit(id)).toEqual([])
})

test('applies to all matches of a filter without the exceptions', async () => {
  const users = await newUsers(4, { displayName: 'Flock' })
  const [excluded] = users as [typeof max]
  const selection: SelectionInput<UserFilter> = { matching: [{ search: 'flock' }], except: [excluded.id] }
  expect(await bulk(selection, { kind: 'setLimit', dailyLimit: 7 })).toMatchObject({
    changed: 3,
    nothing: 0,
    refused: 0,
  })
  expect(await user.get.query({ userId: excluded.id })).toMatchObject({ dailyLimit: null })
})

const CHANGES: [string, (target: typeof max) => Promise<unknown>][] = [
  ['was edited', ({ id }) => as(ada).user.update.mutate({ userId: id, expectedVersion: 1, displayName: 'Other' })],
  ['got another role', ({ id }) => as(ada).user.setRole.mutate({ userId: id, role: 'manager', expected: 'default' })],
  ['got another limit', ({ id }) => as(ada).user.setLimit.mutate({ userId: id, dailyLimit: 2, expected: null })],
  ['was suspended', ({ id }) => as(ada).user.suspend.mutate({ userId: id })],
  ['was deleted', ({ id, username }) => as(ada).user.delete.mutate({ userId: id, confirmation: username })],
]

test.each(CHANGES)('refuses to apply a preview after one of its users %s', async (_what, change) => {
  const users = await newUsers(2)
  const call = { selection: selected(users), action: { kind: 'setLimit', dailyLimit: 9 } as const }
  const { token } = await as(ada).user.previewBulk.query(call)
  await change(users[0] as typeof max)
  const before = await fingerprint(db)
  expect(await refusalOf(as(ada).user.applyBulk.mutate({ ...call, token }))).toEqual(OUTDATED)
  expect(await fingerprint(db)).toEqual(before)
})

test('refuses to apply a preview after more users match, or a user joined the workspace', async () => {
  const users = await newUsers(2, { displayName: 'Swarm' })
  const matching = {
    selection: { matching: [{ search: 'swarm' }] },
    action: { kind: 'suspend' as const },
  }
  const previewed = await user.previewBulk.query(matching)
  await newUsers(1, { displayName: 'Swarm' })
  expect(await refusalOf(user.applyBulk.mutate({ ...matching, token: previewed.token }))).toEqual(OUTDATED)
  const workspace = await make.workspace({ organizationId: acme.id })
  const joining = {
    selection: selected(users),
    action: { kind: 'addToWorkspaces' as const, workspaceIds: [workspace.id] },
  }
  const { token } = await user.previewBulk.query(joining)
  await make.members(workspace, users.slice(0, 1))
  expect(await refusalOf(user.applyBulk.mutate({ ...joining, token }))).toEqual(OUTDATED)
})

test('binds a preview to its actor, selection and action', async () => {
  const users = await newUsers(2)
  const action = { kind: 'setLimit', dailyLimit: 9 } as const
  const { token } = await user.previewBulk.query({ selection: selected(users), action })
  const attempts = [
    as(ada).user.applyBulk.mutate({ selection: selected(users), action, token }),
    user.applyBulk.mutate({ selection: selected(users.slice(1)), action, token }),
    user.applyBulk.mutate({ selection: selected(users), action: { ...action, dailyLimit: 8 }, token }),
    user.applyBulk.mutate({ selection: selected(users), action: { kind: 'suspend' }, token }),
    user.applyBulk.mutate({ selection: selected(users), action, token: `${token}x` }),
    user.applyBulk.mutate({ selection: selected(users), action, token: '' }),
  ]
  for (const refusal of await refusalsOf(attempts)) expect(refusal).toEqual(OUTDATED)
  expect(await user.applyBulk.mutate({ selection: selected([...users].reverse()), action, token })).toMatchObject({
    changed: 2,
  })
})

test('an undo restores previous roles, and refuses rows that changed since', async () => {
  const [one, two] = (await newUsers(2)) as [typeof max, typeof max]
  const done = await bulk(selected([one, two]), { kind: 'setRole', role: 'manager', expected: 'default' }, ada)
  expect(done.rows.map(({ before }) => before)).toEqual([
    { role: 'default', dailyLimit: null },
    { role: 'default', dailyLimit: null },
  ])
  await as(ada).user.setRole.mutate({ userId: two.id, role: 'administrator', expected: 'manager' })
  const undone = await bulk(selected([one, two]), { kind: 'setRole', role: 'default', expected: 'manager' }, ada)
  expect(undone).toMatchObject({ changed: 1, refused: 1 })
  const refusal = {
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'role', theirs: 'administrator' }] },
  }
  expect(undone.rows.find((row) => row.userId === two.id)).toEqual({
    userId: two.id,
    username: two.username,
    outcome: 'refused',
    refusal,
  })
})

test('an undo restores each user’s limit, and refuses rows that changed since', async () => {
  const [one, two] = (await newUsers(2)) as [typeof max, typeof max]
  await user.setLimit.mutate({ userId: one.id, dailyLimit: 3, expected: null })
  const done = await bulk(selected([one, two]), { kind: 'setLimit', dailyLimit: 9 })
  const before = new Map(done.rows.map((row) => [row.userId, row.before?.dailyLimit]))
  expect([before.get(one.id), before.get(two.id)]).toEqual([3, null])
  await user.setLimit.mutate({ userId: two.id, dailyLimit: 4, expected: 9 })
  expect(await bulk(selected([one]), { kind: 'setLimit', dailyLimit: 3, expected: 9 })).toMatchObject({ changed: 1 })
  expect((await bulk(selected([two]), { kind: 'setLimit', dailyLimit: null, expected: 9 })).rows).toMatchObject([
    {
      refusal: {
        code: 'CONFLICT',
        details: { version: null, at: null, by: null, fields: [{ field: 'dailyLimit', theirs: 4 }] },
      },
    },
  ])
})

test('an undo of a suspension refuses users who were reactivated and suspended again since, also after its preview', async () => {
  const [one, two, three] = (await newUsers(3)) as [typeof max, typeof max, typeof max]
  const done = await bulk(selected([one, two, three]), { kind: 'suspend' })
  expect(done.rows.map(({ statusVersion }) => statusVersion)).toEqual([2, 2, 2])
  const again = async ({ id }: typeof max) => {
    await as(ada).user.reactivate.mutate({ userId: id })
    await as(ada).user.suspend.mutate({ userId: id })
  }
  await again(two)
  const action = { kind: 'reactivate', expectedVersion: 2 } as const
  const undone = await bulk(selected([one, two]), action)
  expect(undone).toMatchObject({ changed: 1, nothing: 0, refused: 1 })
  const refusal = {
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'status', theirs: 'suspended' }] },
  }
  expect(undone.rows).toContainEqual({ userId: two.id, username: two.username, outcome: 'refused', refusal })
  expect(await user.get.query({ userId: two.id })).toMatchObject({ status: 'suspended' })
  const { token } = await user.previewBulk.query({ selection: selected([three]), action })
  await again(three)
  expect(await refusalOf(user.applyBulk.mutate({ selection: selected([three]), action, token }))).toEqual(OUTDATED)
})

test('adds users to workspaces and removes them, and returns the changed workspaces of each row', async () => {
  const [alpha, beta] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: acme.id }),
  ]
  const [one, two] = (await newUsers(2)) as [typeof max, typeof max]
  await make.members(alpha, [one])
  const workspaceIds = [beta.id, alpha.id]
  const added = await bulk(selected([one, two]), { kind: 'addToWorkspaces', workspaceIds })
  const changed = new Map(added.rows.map((row) => [row.userId, row.before?.workspaceIds]))
  expect(changed.get(one.id)).toEqual([beta.id])
  expect(new Set(changed.get(two.id))).toEqual(new Set(workspaceIds))
  expect(await audit(one.id)).toMatchObject([
    { action: 'member.added', actorId: max.id, workspaceId: beta.id, batchId: added.batchId },
  ])
  expect(await bulk(selected([one, two]), { kind: 'addToWorkspaces', workspaceIds })).toMatchObject({
    changed: 0,
    nothing: 2,
  })
  expect(await bulk(selected([one]), { kind: 'removeFromWorkspaces', workspaceIds })).toMatchObject({ changed: 1 })
  expect((await as(max).member.list.query({ workspaceId: beta.id })).rows).toMatchObject([
    { userId: two.id, addedBy: 'max' },
  ])
})

test('refuses the whole call for a missing or archived workspace', async () => {
  const users = await newUsers(1)
  const archived = await make.workspace({ organizationId: acme.id, name: 'Archive', archived: true })
  const missing = randomUUIDv7()
  const adding = (workspaceIds: string[]) =>
    user.previewBulk.query({ selection: selected(users), action: { kind: 'addToWorkspaces', workspaceIds } })
  expect(await refusalOf(adding([archived.id, missing]))).toEqual({
    code: 'UNKNOWN_IDS',
    details: { what: 'workspace', ids: [missing] },
  })
  expect(await refusalOf(adding([archived.id]))).toEqual({ code: 'WORKSPACE_ARCHIVED', details: { name: 'Archive' } })
  await make.members(archived, users)
  expect(await bulk(selected(users), { kind: 'removeFromWorkspaces', workspaceIds: [archived.id] })).toMatchObject({
    changed: 1,
  })
})

test('refuses the whole call when the workspace was archived after the preview', async () => {
  const [users, workspace] = [await newUsers(2), await make.workspace({ organizationId: acme.id, name: 'Closing' })]
  const call = {
    selection: selected(users),
    action: { kind: 'addToWorkspaces' as const, workspaceIds: [workspace.id] },
  }
  const { token } = await user.previewBulk.query(call)
  await as(max).workspace.archive.mutate({ workspaceId: workspace.id })
  expect(await refusalOf(user.applyBulk.mutate({ ...call, token }))).toEqual({
    code: 'WORKSPACE_ARCHIVED',
    details: { name: 'Closing' },
  })
  expect(await as(max).member.count.query({ workspaceId: workspace.id })).toEqual({ count: 0, more: false })
})

test('signs out and deletes users in bulk like the single calls', async () => {
  const [one, two] = (await newUsers(2)) as [typeof max, typeof max]
  await make.session(one)
  await make.session(one)
  expect(await bulk(selected([one, two]), { kind: 'signOut' })).toMatchObject({ changed: 1, nothing: 1 })
  expect(await audit(one.id)).toMatchObject([{ action: 'user.signOut', after: { sessions: 2 } }])
  const deleted = await bulk(selected([one, two]), { kind: 'delete' })
  expect(deleted).toMatchObject({ changed: 2 })
  expect((await audit(two.id)).at(-1)).toMatchObject({
    action: 'user.delete',
    batchId: deleted.batchId,
    before: { username: two.username },
    after: { status: 'deleted' },
  })
})

test('keeps the last administrator in a bulk suspension', async () => {
  const globex = await make.organization('Globex')
  const outsider = await make.user({ organizationId: globex.id, role: 'administrator' })
  const admins = [ada, ...(await newUsers(2, { role: 'administrator', passwordHash: 'x' }))]
  const result = await bulk(selected(admins), { kind: 'suspend' }, outsider)
  expect(result).toMatchObject({ changed: 2, refused: 1 })
  expect(result.rows.find(({ outcome }) => outcome === 'refused')).toMatchObject({
    refusal: { code: 'LAST_ADMINISTRATOR', details: {} },
  })
})

test('restores the expiry of a removed member, and skips an expired one', async () => {
  const [limited, lasting] = (await newUsers(2)) as [typeof max, typeof max]
  const workspace = await make.workspace({ organizationId: acme.id })
  const expiresAt = new Date(Date.now() + 86_400_000)
  await make.members(workspace, [limited, lasting])
  await db.prisma.member.updateMany({ where: { userId: limited.id }, data: { expiresAt } })
  const expiryOf = async ({ id: userId }: { id: string }) =>
    (await db.prisma.member.findFirst({ where: { userId, workspaceId: workspace.id } }))?.expiresAt
  const workspaceIds = [workspace.id]

  const { rows } = await bulk(selected([limited, lasting]), { kind: 'removeFromWorkspaces', workspaceIds })
  const before = new Map(rows.map((row) => [row.userId, row.before]))
  expect(before.get(limited.id)).toEqual({
    workspaceIds,
    ends: [{ workspaceId: workspace.id, expiresAt: expiresAt.toISOString() }],
  })
  expect(before.get(lasting.id)).toEqual({ workspaceIds })

  const past = { kind: 'addToWorkspaces', workspaceIds, expiresAt: new Date(Date.now() - 1000).toISOString() } as const
  expect(await bulk(selected([limited]), past)).toMatchObject({ changed: 0, nothing: 1 })
  expect(await bulk(selected([limited]), { ...past, expiresAt: expiresAt.toISOString() })).toMatchObject({ changed: 1 })
  expect(await bulk(selected([lasting]), { kind: 'addToWorkspaces', workspaceIds })).toMatchObject({ changed: 1 })
  expect([await expiryOf(limited), await expiryOf(lasting)]).toEqual([expiresAt, null])
  expect((await audit(limited.id)).at(-1)).toMatchObject({
    action: 'member.added',
    workspaceId: workspace.id,
    after: { expiresAt: expiresAt.toISOString() },
  })
})
