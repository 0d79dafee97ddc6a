import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/testing.ts'
import { connect, isSerializationFailure, isUnavailable, uniqueViolation } from './client.ts'

const { url } = await createTestDatabase()
const { pool, prisma, close } = connect({ url, max: 2, connectionTimeout: 20_000 })
const other = connect({ url, max: 1, connectionTimeout: 20_000 })
afterAll(() => Promise.all([close(), other.close()]))
// The pool still holds connections that a test ended until it notices.
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
  other.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )

/** Waits until so many other connections run a query, or exist at all. */
async function waitForOthers(count: number, condition = 'TRUE'): Promise<void> {
  const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`
  await expect.poll(async () => (await other.pool.query(others)).rowCount, { interval: 5 }).toBe(count)
}

/** A barrier for two calls: both have to arrive before either goes on, so that they overlap on any machine. */
function createBarrier(): () => Promise<void> {
  let arrived = 0
  const both = Promise.withResolvers<void>()
  return () => {
    if (++arrived === 2) both.resolve()
    return both.promise
  }
}

/** The error of the call that failed, once all have settled: a call that still runs would disturb the next test. */
async function failureAmong(calls: readonly Promise<unknown>[]): Promise<unknown> {
  const refused = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected')
  return refused?.reason ?? expect.unreachable('one should have failed')
}

/** The error of a call. Fails when it succeeds. */
async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  return call().then(
    () => expect.unreachable('should have failed'),
    (error: unknown) => error,
  )
}

test.each([
  ['a Prisma write', () => prisma.organization.create({ data: organization('acme') })],
  ['a Prisma write of many', () => prisma.organization.createMany({ data: [organization('acme')] })],
  [
    'a Prisma write in a transaction',
    () => prisma.$transaction((tx) => tx.organization.create({ data: organization('acme') })),
  ],
  [
    'raw SQL through Prisma',
    () =>
      prisma.$executeRaw`INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES (${randomUUID()}::uuid, 'Acme', 'acme', 'acme')`,
  ],
  [
    'SQL through the pool',
    () =>
      pool.query(
        `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
        [randomUUID()],
      ),
  ],
])('a duplicate name in %s reports its index', async (_, write) => {
  await prisma.organization.create({ data: organization('acme') })
  const failure = await failureOf(write)
  expect(uniqueViolation(failure)).toBe('organization_name')
  expect(isUnavailable(failure)).toBe(false)
  expect(isSerializationFailure(failure)).toBe(false)
})

test('a missing reference is not a unique violation', async () => {
  const failure = await failureOf(() =>
    prisma.workspace.create({ data: { ...organization('x'), organizationId: randomUUID() } }),
  )
  expect(uniqueViolation(failure)).toBeUndefined()
  expect(isUnavailable(failure)).toBe(false)
})

test('a serialization failure is retryable', async () => {
  await prisma.organization.create({ data: organization('acme') })
  const barrier = createBarrier()
  const change = () =>
    prisma.$transaction(
      async (tx) => {
        const count = await tx.organization.count()
        await barrier()
        await tx.organization.updateMany({ data: { name: `${count}` } })
      },
      { isolationLevel: 'Serializable' },
    )
  const failure = await failureAmong([change(), change()])
  expect(isSerializationFailure(failure)).toBe(true)
  expect(isUnavailable(failure)).toBe(false)
})

test('a deadlock is retryable', async () => {
  await prisma.organization.createMany({ data: [organization('a'), organization('b')] })
  const barrier = createBarrier()
  const change = (first: string, second: string) =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE "organization" SET "name" = 'x' WHERE "nameKey" = ${first}`
      await barrier()
      await tx.$executeRaw`UPDATE "organization" SET "name" = 'x' WHERE "nameKey" = ${second}`
    })
  expect(isSerializationFailure(await failureAmong([change('a', 'b'), change('b', 'a')]))).toBe(true)
})

test.each([
  ['a query of the pool', () => pool.query('SELECT pg_sleep(5)')],
  ['a query of Prisma', () => prisma.$queryRaw`SELECT pg_sleep(5)::text`],
  ['a transaction of Prisma', () => prisma.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(5)::text`)],
])('a connection that ends during %s means that the database is unavailable', async (_, query) => {
  const failure = failureOf(query)
  await waitForOthers(1, `state = 'active' AND query LIKE '%pg_sleep(5)%'`)
  await endOthers()
  expect(isUnavailable(await failure)).toBe(true)
})

test('a connection that ends within a transaction means that the database is unavailable', async () => {
  const failure = await failureOf(() =>
    prisma.$transaction(async (tx) => {
      await tx.organization.count()
      await endOthers()
      await waitForOthers(0)
      await tx.organization.count()
    }),
  )
  expect(isUnavailable(failure)).toBe(true)
})

test('a full pool refuses calls after its timeout', async () => {
  const full = connect({ url, max: 1, connectionTimeout: 1_000 })
  const client = await full.pool.connect()
  const failures = await Promise.all([
    failureOf(() => full.pool.query('SELECT 1')),
    failureOf(() => full.prisma.organization.count()),
    failureOf(() => full.prisma.$transaction((tx) => tx.organization.count())),
    failureOf(() => full.prisma.$transaction((tx) => tx.organization.count(), { maxWait: 50 })),
  ])
  expect(failures.map(isUnavailable)).toEqual([true, true, true, true])
  client.release()
  expect(await full.prisma.organization.count()).toBe(0)
  await full.close()
})

test('a query that takes too long means that the database is unavailable', async () => {
  expect(isUnavailable(await failureOf(() => pool.query('SET statement_timeout = 20; SELECT pg_sleep(1)')))).toBe(true)
  await endOthers()
})

test.each([
  ['a port without a listener', 'postgresql://a:b@127.0.0.1:1/x'],
  ['a socket that is not there', 'postgresql://a:b@localhost/x?host=/nonexistent'],
  ['a host that does not exist', 'postgresql://a:b@database.invalid/x'],
])('%s means that the database is unavailable', async (_, unreachable) => {
  const disconnected = connect({ url: unreachable })
  const failures = await Promise.all([
    failureOf(() => disconnected.pool.query('SELECT 1')),
    failureOf(() => disconnected.prisma.organization.count()),
    failureOf(() => disconnected.prisma.$queryRaw`SELECT 1`),
    failureOf(() => disconnected.prisma.$transaction((tx) => tx.organization.count())),
  ])
  await disconnected.close()
  expect(failures.map(isUnavailable)).toEqual([true, true, true, true])
})

test('an SQL error does not mean that the database is unavailable', async () => {
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
