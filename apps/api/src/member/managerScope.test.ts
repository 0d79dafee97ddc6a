import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [acme.id])
const manager = () => make.user({ organizationId: acme.id, role: 'manager' })

test('assigned scope hides other workspaces from a manager, and refuses every change to them', async () => {
  const max = await manager()
  const [mine, other] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: acme.id }),
  ]
  await make.members(mine, [max])
  expect((await as(max).workspace.list.query({})).rows.map(({ id }) => id)).toEqual([mine.id])
  const notFound = { code: 'NOT_FOUND', details: { what: 'workspace' } }
  expect(await refusalOf(as(max).workspace.get.query({ workspaceId: other.id }))).toEqual(notFound)
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: other.id, add: [max.id] }))).toEqual(notFound)
  expect(await refusalOf(as(max).workspace.rename.mutate({ workspaceId: other.id, name: 'Mine now' }))).toEqual(
    notFound,
  )
  expect(await as(max).workspace.rename.mutate({ workspaceId: mine.id, name: 'Still mine' })).toEqual({ changed: true })
})

test('makes the manager a member of each workspace they create under assigned scope', async () => {
  const max = await manager()
  const created = await as(max).workspace.create.mutate({ name: 'Pilot' })
  expect(created).toMatchObject({ memberCount: 1, assigned: true })
  expect(await as(max).workspace.get.query({ workspaceId: created.id })).toMatchObject({ memberCount: 1 })
})

test('keeps the last manager of a workspace under assigned scope, also when two leave concurrently', async () => {
  const [max, mia, john] = [await manager(), await manager(), await make.user({ organizationId: acme.id })]
  const workspace = await make.workspace({ organizationId: acme.id })
  await make.members(workspace, [max, john])
  const last = { code: 'LAST_MANAGER_OF_WORKSPACE', details: {} }
  expect(await refusalOf(as(max).member.leave.mutate({ workspaceId: workspace.id }))).toEqual(last)
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, remove: [max.id] }))).toEqual(last)
  await make.members(workspace, [mia])
  const refusals = await refusalsOf([
    as(max).member.leave.mutate({ workspaceId: workspace.id }),
    as(mia).member.update.mutate({ workspaceId: workspace.id, remove: [mia.id] }),
  ])
  expect(refusals.filter((refusal) => refusal !== null)).toEqual([last])
})

test('applies a changed manager scope to the next call', async () => {
  const globex = await make.organization()
  const max = await make.user({ organizationId: globex.id, role: 'manager' })
  const workspace = await make.workspace({ organizationId: globex.id })
  expect(await as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: 'Before' })).toEqual({
    changed: true,
  })
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [globex.id])
  expect(await refusalOf(as(max).workspace.rename.mutate({ workspaceId: workspace.id, name: 'After' }))).toMatchObject({
    code: 'NOT_FOUND',
  })
})
