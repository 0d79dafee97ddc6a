import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { connect } from './client.ts'
import { createTestDatabase } from './testing.ts'

const { url } = await createTestDatabase()
const database = connect({ url })
afterAll(() => database.close())

test('Prisma and the pool see the same rows', async () => {
  const id = randomUUID()
  await database.prisma.organization.create({ data: { id, name: 'Acme', nameKey: 'acme' } })
  const { rows } = await database.pool.query('SELECT "name" FROM "organization" WHERE "id" = $1', [id])
  expect(rows).toEqual([{ name: 'Acme' }])
})
