import { expect, test } from 'vitest'
import { testInstance } from '../testing/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, role: 'manager' })
const joe = await make.user({ organizationId: acme.id, username: 'joe' })
const shared = await make.workspace({ organizationId: acme.id, name: 'Shared' })
const joes = await make.workspace({ organizationId: acme.id, name: 'Without Max' })
await make.members(shared, [max, joe])
await make.members(joes, [joe])

const expected = async () => (await as(max).user.get.query({ userId: joe.id })).workspaces.map(({ name, assigned }) => [name, assigned])

test('a person’s page tells in which of their workspaces the reader is too', async () => {
  expect(await expected()).toEqual([
    ['Shared', true],
    ['Without Max', false],
  ])
})

test('a manager who is held to their own workspaces is told of no other', async () => {
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [acme.id])
  expect(await expected()).toEqual([['Shared', true]])
})

test('who made, edited or added somebody is named to those who see them, and to nobody of another organization', async () => {
  const [home, away] = [await make.organization(), await make.organization()]
  const root = await make.user({ organizationId: away.id, username: 'far.away', role: 'administrator', passwordHash: 'x' })
  const mia = await make.user({ organizationId: home.id, role: 'manager' })
  const workspace = await make.workspace({ organizationId: home.id })
  const made = await as(root).user.create.mutate({
    username: 'made.from.afar',
    organizationId: home.id,
    workspaceIds: [workspace.id],
    credential: { kind: 'link' },
  })
  await as(root).profile.update.mutate({ userId: made.user.id, expectedVersion: 1, about: 'x' })
  const told = async (reader: { id: string }) => {
    const { createdBy, editedBy } = await as(reader).user.get.query({ userId: made.user.id })
    const { rows } = await as(reader).member.list.query({ workspaceId: workspace.id })
    return [createdBy, editedBy, rows[0]?.addedBy ?? null]
  }
  expect(await told(mia)).toEqual([null, null, null])
  const named = { id: root.id, username: 'far.away' }
  expect(await told(root)).toEqual([named, named, 'far.away'])
})
