import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as, anonymous, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const dora = await make.user({ organizationId: acme.id, username: 'dora' })
const NOT_FOUND = { code: 'NOT_FOUND', details: { what: 'workspace' } }

test('lets a manager create a workspace in their organization, and audits it', async () => {
  const row = await as(max).workspace.create.mutate({ name: '  Research  ' })
  expect(row).toMatchObject({
    name: 'Research',
    organizationId: acme.id,
    archivedAt: null,
    memberCount: 0,
    assigned: false,
  })
  expect(await as(max).workspace.get.query({ workspaceId: row.id })).toEqual({
    ...row,
    organizationName: 'Acme',
    timeZone: 'UTC',
  })
  expect(await audit(row.id)).toMatchObject([
    {
      action: 'workspace.create',
      actorId: max.id,
      organizationId: acme.id,
      targetKind: 'workspace',
      targetName: 'Research',
      after: { name: 'Research' },
    },
  ])
})

test('lets an administrator create a workspace in any organization, and hides other organizations from a manager', async () => {
  expect(await as(ada).workspace.create.mutate({ name: 'Abroad', organizationId: other.id })).toMatchObject({
    organizationId: other.id,
  })
  expect(await as(max).workspace.create.mutate({ name: 'At home', organizationId: acme.id })).toMatchObject({
    organizationId: acme.id,
  })
  const hidden = await refusalOf(as(max).workspace.create.mutate({ name: 'Spy', organizationId: other.id }))
  expect(hidden).toEqual({ code: 'NOT_FOUND', details: { what: 'organization' } })
  expect(await refusalOf(as(max).workspace.create.mutate({ name: 'Spy', organizationId: randomUUIDv7() }))).toEqual(
    hidden,
  )
  expect(await refusalOf(as(ada).workspace.create.mutate({ name: 'Nowhere', organizationId: randomUUIDv7() }))).toEqual(
    hidden,
  )
})

test('refuses a name in use in the organization, ignoring case and spaces, but not one of another organization', async () => {
  await as(max).workspace.create.mutate({ name: 'Café  Zürich' })
  const taken = await refusalOf(as(max).workspace.create.mutate({ name: 'CAFÉ ZÜRICH' }))
  expect(taken).toEqual({ code: 'NAME_TAKEN', details: { what: 'workspace', name: 'CAFÉ ZÜRICH' } })
  expect(await as(ada).workspace.create.mutate({ name: 'cafe zurich', organizationId: other.id })).toMatchObject({
    name: 'cafe zurich',
  })
})

test('treats names with different accents as different, and finds both by search', async () => {
  const one = await as(max).workspace.create.mutate({ name: 'Resume' })
  const other = await as(max).workspace.create.mutate({ name: 'Résumé' })
  const renamed = await make.workspace({ organizationId: acme.id, name: 'Masse' })
  expect(await as(max).workspace.rename.mutate({ workspaceId: renamed.id, name: 'Resumé' })).toEqual({ changed: true })
  for (const search of ['resume', 'RÉSUMÉ'])
    expect((await as(max).workspace.list.query({ search })).rows.map(({ id }) => id)).toEqual(
      [one.id, other.id, renamed.id].sort(),
    )
  for (const name of ['RESUME', 'résumé', 'Re\u0301sume\u0301', 'RÉS\u200bUMÉ'])
    expect(await refusalOf(as(max).workspace.rename.mutate({ workspaceId: renamed.id, name }))).toMatchObject({
      code: 'NAME_TAKEN',
    })
})

test.each(['', '   ', 'a'.repeat(81), 'two\nlines', 'turned \u202e round'])('refuses the name %j', async (name) => {
  expect(await refusalOf(as(max).workspace.create.mutate({ name }))).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['name'] }] },
  })
})

test('creates one workspace when many calls create the same name concurrently', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => as(max).workspace.create.mutate({ name: i % 2 ? 'Rush' : 'RUSH' })),
  )
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  expect((await as(max).workspace.list.query({ search: 'rush' })).rows).toHaveLength(1)
})

test('audits a rename with the old and new name', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Old name' })
  expect(await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: 'New name' })).toEqual({
    changed: true,
  })
  expect(await as(max).workspace.get.query({ workspaceId: workspace.id })).toMatchObject({ name: 'New name' })
  expect(await audit(workspace.id)).toMatchObject([
    { action: 'workspace.rename', before: { name: 'Old name' }, after: { name: 'New name' } },
  ])
})

test('changes and audits nothing when the name is unchanged, and accepts another case', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Same' })
  expect(await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: ' Same ' })).toEqual({
    changed: false,
  })
  expect(await audit(workspace.id)).toEqual([])
  expect(await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: 'SAME' })).toEqual({ changed: true })
})

test('gives a name to one of many workspaces that are renamed concurrently', async () => {
  const workspaces = await Promise.all(
    Array.from({ length: 8 }, (_, i) => make.workspace({ organizationId: acme.id, name: `Runner ${i}` })),
  )
  const refusals = await refusalsOf(
    workspaces.map(({ id }) => as(max).workspace.rename.mutate({ workspaceId: id, name: 'Winner' })),
  )
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(new Set(refusals.map((refusal) => refusal?.code))).toEqual(new Set([undefined, 'NAME_TAKEN']))
  expect((await as(max).workspace.list.query({ search: 'runner' })).rows).toHaveLength(7)
})

test('archives and restores a workspace, and changes nothing when repeated', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Drawer' })
  const target = { workspaceId: workspace.id }
  expect(await as(max).workspace.archive.mutate(target)).toEqual({ changed: true, archiveVersion: 2 })
  const { archivedAt } = await as(max).workspace.get.query(target)
  expect(archivedAt).toEqual(expect.any(String))
  expect(await as(max).workspace.archive.mutate(target)).toEqual({ changed: false, archiveVersion: 2 })
  expect(await as(max).workspace.get.query(target)).toMatchObject({ archivedAt })
  expect(await as(max).workspace.restore.mutate(target)).toEqual({ changed: true, archiveVersion: 3 })
  expect(await as(max).workspace.restore.mutate(target)).toEqual({ changed: false, archiveVersion: 3 })
  expect(await audit(workspace.id)).toMatchObject([
    { action: 'workspace.archive', before: { archivedAt: null }, after: { archivedAt } },
    { action: 'workspace.restore', before: { archivedAt }, after: { archivedAt: null } },
  ])
})

test('an undo reverts its own archiving or restoring, but no later one', async () => {
  const { id: workspaceId } = await make.workspace({ organizationId: acme.id })
  const { archive, restore } = as(max).workspace
  const conflict = (now: unknown) => ({
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'archivedAt', theirs: now }] },
  })
  const archived = await archive.mutate({ workspaceId })
  const restored = await as(ada).workspace.restore.mutate({ workspaceId })
  expect(await refusalOf(restore.mutate({ workspaceId, expectedVersion: archived.archiveVersion }))).toEqual(
    conflict(null),
  )
  await as(ada).workspace.archive.mutate({ workspaceId })
  expect(await refusalOf(restore.mutate({ workspaceId, expectedVersion: archived.archiveVersion }))).toEqual(
    conflict(expect.any(String)),
  )
  const again = await restore.mutate({ workspaceId })
  expect(await refusalOf(archive.mutate({ workspaceId, expectedVersion: restored.archiveVersion }))).toEqual(
    conflict(null),
  )
  expect(await archive.mutate({ workspaceId, expectedVersion: again.archiveVersion })).toMatchObject({ changed: true })
})

test('audits ten concurrent archivings once', async () => {
  const workspace = await make.workspace({ organizationId: acme.id })
  const results = await Promise.all(
    Array.from({ length: 10 }, () => as(max).workspace.archive.mutate({ workspaceId: workspace.id })),
  )
  expect(results.filter(({ changed }) => changed)).toHaveLength(1)
  expect(await audit(workspace.id)).toHaveLength(1)
})

test('requires the exact name to delete a workspace, and deletes its memberships', async () => {
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Doomed' })
  await make.members(workspace, [dora, max])
  for (const confirmation of ['', 'doomed', 'Doomed ']) {
    const refusal = await refusalOf(as(max).workspace.delete.mutate({ workspaceId: workspace.id, confirmation }))
    expect(refusal).toEqual({ code: 'CONFIRMATION_MISMATCH', details: { expected: 'Doomed' } })
  }
  expect(await as(max).workspace.delete.mutate({ workspaceId: workspace.id, confirmation: 'Doomed' })).toEqual({
    changed: true,
  })
  expect(await refusalOf(as(max).workspace.get.query({ workspaceId: workspace.id }))).toEqual(NOT_FOUND)
  expect((await db.pool.query(`SELECT 1 FROM "member" WHERE "workspaceId" = $1`, [workspace.id])).rowCount).toBe(0)
  const events = await audit(workspace.id)
  expect(events).toMatchObject([
    { action: 'workspace.delete', targetName: 'Doomed', before: { name: 'Doomed', memberCount: 2 } },
  ])
  expect(await as(max).workspace.create.mutate({ name: 'Doomed' })).toMatchObject({ memberCount: 0 })
})

test('hides workspaces of other organizations from a manager in every call', async () => {
  const foreign = await make.workspace({ organizationId: other.id, name: 'Foreign' })
  const target = { workspaceId: foreign.id }
  const attempts = [
    as(max).workspace.get.query(target),
    as(max).workspace.rename.mutate({ ...target, name: 'Mine' }),
    as(max).workspace.archive.mutate(target),
    as(max).workspace.restore.mutate(target),
    as(max).workspace.delete.mutate({ ...target, confirmation: 'Foreign' }),
    as(max).workspace.get.query({ workspaceId: randomUUIDv7() }),
  ]
  for (const refusal of await refusalsOf(attempts)) expect(refusal).toEqual(NOT_FOUND)
  expect(await as(ada).workspace.get.query(target)).toMatchObject({ name: 'Foreign', archivedAt: null })
})

test('shows a default user only their workspaces, and refuses all changes', async () => {
  const mine = await make.workspace({ organizationId: acme.id, name: 'Dora’s' })
  const past = await make.workspace({ organizationId: acme.id, name: 'Past' })
  const others = await make.workspace({ organizationId: acme.id, name: 'Not Dora’s' })
  await make.members(mine, [dora])
  await make.members(past, [dora], new Date(Date.now() - 1000))
  const list = await as(dora).workspace.list.query({})
  expect(list.rows).toMatchObject([{ id: mine.id, name: 'Dora’s', memberCount: 1, assigned: true }])
  expect(list).toMatchObject({ before: null, after: null, total: { count: 1, more: false } })
  expect(await as(dora).workspace.get.query({ workspaceId: mine.id })).toMatchObject({ assigned: true })
  for (const { id } of [past, others])
    expect(await refusalOf(as(dora).workspace.get.query({ workspaceId: id }))).toEqual(NOT_FOUND)
  const denied = [
    as(dora).workspace.create.mutate({ name: 'Dora’s own' }),
    as(dora).workspace.rename.mutate({ workspaceId: mine.id, name: 'x' }),
    as(dora).workspace.archive.mutate({ workspaceId: mine.id }),
    as(dora).workspace.restore.mutate({ workspaceId: mine.id }),
    as(dora).workspace.delete.mutate({ workspaceId: mine.id, confirmation: 'Dora’s' }),
  ]
  for (const refusal of await refusalsOf(denied)) expect(refusal).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
})

test('refuses anonymous requests', async () => {
  expect(await refusalOf(anonymous.workspace.list.query({}))).toEqual({ code: 'NOT_SIGNED_IN', details: {} })
  expect(await refusalOf(anonymous.workspace.create.mutate({ name: '' }))).toEqual({
    code: 'NOT_SIGNED_IN',
    details: {},
  })
})
