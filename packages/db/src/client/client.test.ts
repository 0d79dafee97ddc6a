import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/testing.ts'
import { SERVER_TIME_ZONE } from '../testing/testServer.ts'
import { connect } from './client.ts'
import { inUtc, otherTimeZone, withClient } from './connection.ts'

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

test('the time zone of every connection is UTC, whatever the database says', async () => {
  const zones = [
    await otherTimeZone(database.pool),
    await withClient(url, (client) => client.query('SHOW timezone')).then(({ rows }) => rows[0]?.TimeZone),
  ]
  expect(zones).toEqual([undefined, 'UTC'])
})

test('a connection through a pooler keeps the time zone of its role or database', async () => {
  const pooled = connect({ url, max: 1, pooled: true })
  expect(await otherTimeZone(pooled.pool)).toBe(SERVER_TIME_ZONE)
  await pooled.close()
})

test('Prisma and the pool write and read the same instant', async () => {
  const id = randomUUID()
  const createdAt = new Date('2026-07-01T12:00:00.000Z')
  await database.prisma.organization.create({
    data: { id, name: 'Now', nameKey: 'now', caselessName: 'now', createdAt },
  })
  const { rows } = await database.pool.query('SELECT "createdAt" FROM "organization" WHERE "id" = $1', [id])
  expect(rows).toEqual([{ createdAt }])
  expect(await database.prisma.organization.findUnique({ where: { id } })).toMatchObject({ createdAt })
})

test.each([
  ['postgresql://a:p%40ss@db.example.com/x', '-c timezone=UTC'],
  ['postgresql://a@localhost/x?host=%2Frun&options=-c%20search_path%3Droster', '-c search_path=roster -c timezone=UTC'],
])('%s keeps its parts and options', (given, options) => {
  const parsed = new URL(inUtc(given))
  expect(parsed.searchParams.get('options')).toBe(options)
  parsed.searchParams.delete('options')
  const original = new URL(given)
  original.searchParams.delete('options')
  expect(parsed.href).toBe(original.href)
})
