import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { connect, isSerializationFailure, isUnavailable, uniqueViolation } from './client.ts'
import { createTestDatabase } from './testing.ts'

const { url } = await createTestDatabase()
const { pool, prisma, close } = connect({ url, max: 2, connectionTimeout: 20_000 })
const other = connect({ url, max: 1, connectionTimeout: 20_000 })
afterAll(() => Promise.all([close(), other.close()]))
// Connections that a test ended are still in the pool until it notices.
beforeEach(() =>
  expect
    .poll(() =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true),
)
beforeEach(() => pool.query('DELETE FROM "organization"'))

const organization = (nameKey: string) => ({ id: randomUUID(), name: nameKey, nameKey, caselessName: nameKey })
const endOthers = () =>
  other.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')

/** Where two meet before either goes on: what they do is then sure to overlap, however slow the machine. */
function meeting(): () => Promise<void> {
  let arrived = 0
  const both = Promise.withResolvers<void>()
  return () => {
    if (++arrived === 2) both.resolve()
    return both.promise
  }
}

/** What one of two was refused with, once both are over: what still runs would get in the next test's way. */
async function failureAmong(calls: readonly Promise<unknown>[]): Promise<unknown> {
  const refused = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected')
  return refused?.reason ?? expect.unreachable('one should have failed')
}

/** What the call was refused with; fails when it wasn't. */
async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  return call().then(
    () => expect.unreachable('should have failed'),
    (error: unknown) => error,
  )
}

test.each([
  ['a Prisma write', () => prisma.organization.create({ data: organization('acme') })],
  ['a Prisma write of many', () => prisma.organization.createMany({ data: [organization('acme')] })],
  ['a Prisma write in a transaction', () => prisma.$transaction((tx) => tx.organization.create({ data: organization('acme') }))],
  [
    'raw SQL through Prisma',
    () => prisma.$executeRaw`INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES (${randomUUID()}::uuid, 'Acme', 'acme', 'acme')`,
  ],
  [
    'SQL through the pool',
    () => pool.query(`INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`, [randomUUID()]),
  ],
])('a name taken is told by its index, whether it was %s', async (_, write) => {
  await prisma.organization.create({ data: organization('acme') })
  const failure = await failureOf(write)
  expect(uniqueViolation(failure)).toBe('organization_name')
  expect(isUnavailable(failure)).toBe(false)
  expect(isSerializationFailure(failure)).toBe(false)
})

test('a missing reference is no name taken', async () => {
  const failure = await failureOf(() => prisma.workspace.create({ data: { ...organization('x'), organizationId: randomUUID() } }))
  expect(uniqueViolation(failure)).toBeUndefined()
  expect(isUnavailable(failure)).toBe(false)
})

test('of two transactions that contradict each other, the one that lost is to be tried again', async () => {
  await prisma.organization.create({ data: organization('acme') })
  const met = meeting()
  const change = () =>
    prisma.$transaction(
      async (tx) => {
        const count = await tx.organization.count()
        await met()
        await tx.organization.updateMany({ data: { name: `${count}` } })
      },
      { isolationLevel: 'Serializable' },
    )
  const failure = await failureAmong([change(), change()])
  expect(isSerializationFailure(failure)).toBe(true)
  expect(isUnavailable(failure)).toBe(false)
})

test('of two transactions that wait for each other, the one that was ended is to be tried again', async () => {
  await prisma.organization.createMany({ data: [organization('a'), organization('b')] })
  const met = meeting()
  const change = (first: string, second: string) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE "organization" SET "name" = 'x' WHERE "nameKey" = ${first}`
      await met()
      await tx.$executeRaw`UPDATE "organization" SET "name" = 'x' WHERE "nameKey" = ${second}`
    })
  expect(isSerializationFailure(await failureAmong([change('a', 'b'), change('b', 'a')]))).toBe(true)
})

test.each([
  ['a query of the pool', () => pool.query('SELECT pg_sleep(5)')],
  ['a query of Prisma', () => prisma.$queryRaw`SELECT pg_sleep(5)::text`],
  ['a transaction of Prisma', () => prisma.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(5)::text`)],
])('a connection that ends under %s means that the database is unavailable', async (_, query) => {
  const failure = failureOf(query)
  await sleep(100)
  await endOthers()
  expect(isUnavailable(await failure)).toBe(true)
})

test('a connection that ends within a transaction means that the database is unavailable', async () => {
  const failure = await failureOf(() =>
    prisma.$transaction(async (tx) => {
      await tx.organization.count()
      await endOthers()
      await sleep(50)
      await tx.organization.count()
    }),
  )
  expect(isUnavailable(failure)).toBe(true)
})

test('a full pool refuses soon, instead of letting callers wait without end', async () => {
  const full = connect({ url, max: 1, connectionTimeout: 1_000 })
  const held = await full.pool.connect()
  const failures = await Promise.all([
    failureOf(() => full.pool.query('SELECT 1')),
    failureOf(() => full.prisma.organization.count()),
    failureOf(() => full.prisma.$transaction((tx) => tx.organization.count())),
    failureOf(() => full.prisma.$transaction((tx) => tx.organization.count(), { maxWait: 50 })),
  ])
  expect(failures.map(isUnavailable)).toEqual([true, true, true, true])
  held.release()
  expect(await full.prisma.organization.count()).toBe(0)
  await full.close()
})

test('a query that takes too long means that the database is unavailable', async () => {
  expect(isUnavailable(await failureOf(() => pool.query('SET statement_timeout = 20; SELECT pg_sleep(1)')))).toBe(true)
  await endOthers()
})

test.each([
  ['a port where nobody listens', 'postgresql://a:b@127.0.0.1:1/x'],
  ['a socket that is not there', 'postgresql://a:b@localhost/x?host=/nonexistent'],
  ['a host that does not exist', 'postgresql://a:b@database.invalid/x'],
])('%s means that the database is unavailable', async (_, nowhere) => {
  const away = connect({ url: nowhere })
  const failures = await Promise.all([
    failureOf(() => away.pool.query('SELECT 1')),
    failureOf(() => away.prisma.organization.count()),
    failureOf(() => away.prisma.$queryRaw`SELECT 1`),
    failureOf(() => away.prisma.$transaction((tx) => tx.organization.count())),
  ])
  await away.close()
  expect(failures.map(isUnavailable)).toEqual([true, true, true, true])
})

test('a mistake in our own SQL is no unavailable database', async () => {
  const failures = [
    await failureOf(() => pool.query('SELEC')),
    await failureOf(() => prisma.$queryRaw`SELECT 1 FROM nothing`),
    new Error('x'),
    'x',
    null,
    undefined,
  ]
  expect(failures.map(isUnavailable)).toEqual(failures.map(() => false))
})
