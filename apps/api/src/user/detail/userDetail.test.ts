import { expect, test } from 'vitest'
import { testInstance } from '../../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, role: 'manager' })
const joe = await make.user({ organizationId: acme.id, username: 'joe' })
const shared = await make.workspace({ organizationId: acme.id, name: 'Shared' })
const withoutMax = await make.workspace({ organizationId: acme.id, name: 'Without Max' })
await make.members(shared, [max, joe])
await make.members(withoutMax, [joe])

const visibleWorkspaces = async () =>
  (await as(max).user.get.query({ userId: joe.id })).workspaces.map(({ name, assigned }) => [name, assigned])

test('marks the user’s workspaces that the reader is a member of', async () => {
  expect(await visibleWorkspaces()).toEqual([
    ['Shared', true],
    ['Without Max', false],
  ])
})

test('hides other workspaces from a manager with assigned scope', async () => {
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [acme.id])
  expect(await visibleWorkspaces()).toEqual([['Shared', true]])
})

test('names creator, editor and adder only to readers who may see them', async () => {
  const [home, away] = [await make.organization(), await make.organization()]
  const root = await make.user({
    organizationId: away.id,
    username: 'far.away',
    role: 'administrator',
    passwordHash: 'x',
  })
  const mia = await make.user({ organizationId: home.id, role: 'manager' })
  const workspace = await make.workspace({ organizationId: home.id })
  const created = await as(root).user.create.mutate({
    username: 'created.elsewhere',
    organizationId: home.id,
    workspaceIds: [workspace.id],
    credential: { kind: 'link' },
  })
  await as(root).profile.update.mutate({ userId: created.user.id, expectedVersion: 1, about: 'x' })
  const namesFor = async (reader: { id: string }) => {
    const { createdBy, editedBy } = await as(reader).user.get.query({ userId: created.user.id })
    const { rows } = await as(reader).member.list.query({ workspaceId: workspace.id })
    return [createdBy, editedBy, rows[0]?.addedBy ?? null]
  }
  expect(await namesFor(mia)).toEqual([null, null, null])
  const named = { id: root.id, username: 'far.away' }
  expect(await namesFor(root)).toEqual([named, named, 'far.away'])
})
