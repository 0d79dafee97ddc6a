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

const seen = async () => (await as(max).user.get.query({ userId: joe.id })).workspaces.map(({ name, assigned }) => [name, assigned])

test('a person’s page tells in which of their workspaces the reader is too', async () => {
  expect(await seen()).toEqual([
    ['Shared', true],
    ['Without Max', false],
  ])
})

test('a manager who is held to their own workspaces is told of no other', async () => {
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [acme.id])
  expect(await seen()).toEqual([['Shared', true]])
})
