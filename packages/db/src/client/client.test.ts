import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/testing.ts'
import { connect } from './client.ts'

const { url } = await createTestDatabase()
const database = connect({ url })
afterAll(() => database.close())

test('Prisma and the pool see the same rows', async () => {
  const id = randomUUID()
  await database.prisma.organization.create({ data: { id, name: 'Acme', nameKey: 'acme', caselessName: 'acme' } })
  const { rows } = await database.pool.query('SELECT "name" FROM "organization" WHERE "id" = $1', [id])
  expect(rows).toEqual([{ name: 'Acme' }])
})

test('reports a broken idle connection once, without the connection itself', async () => {
  const errors: Error[] = []
  const other = connect({ url, max: 1 }, (error) => errors.push(error))
  const { rows } = await other.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS "pid"')
  await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  await expect.poll(() => errors.length).toBe(1)
  expect(Object.keys(errors[0] ?? {})).not.toContain('client')
  expect((await other.pool.query('SELECT 1')).rowCount).toBe(1)
  await other.close()
})
