import { spawn } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { afterAll, afterEach, expect, inject, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { connect } from '../client/client.ts'
import { databaseUrl, withClient } from '../client/connection.ts'
import { findOutboxPosition, readOutbox } from '../outbox/outbox.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { JOB_NAMES, type JobDefinition } from './definitions.ts'
import { drainJobs, openQueues } from './drainJobs.ts'
import { enqueue, enqueueAs } from './enqueue.ts'
import { countJobs } from './jobCounts.ts'
import { type JobHandler, JobRunner } from './jobRunner.ts'
import { QUEUE_SCHEMA } from './queue.ts'

const { url, name: database } = await createTestDatabase()
const { pool, prisma, close } = connect({ url, max: 4 })
afterAll(close)

const DEFINITIONS = {
  note: { data: z.strictObject({ text: z.string() }), expireInSeconds: 60 },
  keyed: { data: z.strictObject({ id: z.string() }), keyOf: ({ id }: { id: string }) => id, expireInSeconds: 60 },
} satisfies Record<string, JobDefinition>
type Name = keyof typeof DEFINITIONS

await openQueues(pool, DEFINITIONS)
afterEach(() => pool.query(`DELETE FROM ${QUEUE_SCHEMA}.job`))

const add = (name: Name, data: object, startAfter?: Date) =>
  prisma.$transaction((tx) => enqueueAs(tx, name, DEFINITIONS[name], data, startAfter ? { startAfter } : {}))
const counts = async (name: string) => (await countJobs(pool)).find((count) => count.name === name)
/** Makes every waiting job due now. */
const makeDue = () =>
  pool.query(`UPDATE ${QUEUE_SCHEMA}.job SET start_after = now() WHERE state IN ('created', 'retry')`)

function handlers(note: JobHandler<{ text: string }>, keyed: JobHandler<{ id: string }> = async () => undefined) {
  return { note, keyed } as Record<Name, JobHandler>
}

async function startRunner(note: JobHandler<{ text: string }>, runnerUrl = url, errors: unknown[] = []) {
  const runner = new JobRunner<Name>({
    url: runnerUrl,
    handlers: handlers(note),
    definitions: DEFINITIONS,
    onError: (error) => errors.push(error),
  })
  await runner.start()
  onTestFinished(() => runner.stop(1_000))
  return runner
}

test('the migrations create exactly the schema that this version of pg-boss expects', async () => {
  const boss = await openQueues(pool, DEFINITIONS)
  expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true })
})

test('every job of Roster can be enqueued', async () => {
  await openQueues(pool)
  for (const name of JOB_NAMES) expect(await prisma.$transaction((tx) => enqueue(tx, name, {}))).toBe(true)
  const ran: string[] = []
  await drainJobs(pool, Object.fromEntries(JOB_NAMES.map((name) => [name, async () => void ran.push(name)])) as never)
  expect(ran.sort()).toEqual([...JOB_NAMES].sort())
})

test('a job runs if and only if its transaction commits', async () => {
  await expect(
    prisma.$transaction(async (tx) => {
      await enqueueAs(tx, 'note', DEFINITIONS.note, { text: 'undone' })
      throw new Error('rolled back')
    }),
  ).rejects.toThrow('rolled back')
  await add('note', { text: 'kept' })
  const texts: string[] = []
  expect(
    await drainJobs(
      pool,
      handlers(async ({ text }) => void texts.push(text)),
      DEFINITIONS,
    ),
  ).toEqual(['note'])
  expect(texts).toEqual(['kept'])
  expect(await counts('note')).toMatchObject({ queued: 0, running: 0, failed: 0, oldest: 0 })
})

test('the outbox names a committed job, and not as a change', async () => {
  const position = await findOutboxPosition(pool)
  await add('note', { text: 'a' })
  await add('note', { text: 'b' })
  expect(await readOutbox(pool, position.snapshot)).toMatchObject({ events: [], jobs: ['note'] })
})

test('a woken runner runs every waiting job at once, and one that is not due later', async () => {
  const texts: string[] = []
  const runner = await startRunner(async ({ text }) => void texts.push(text))
  await add('note', { text: 'later' }, new Date(Date.now() + 3_600_000))
  for (const text of ['a', 'b', 'c']) await add('note', { text })
  const woken = performance.now()
  runner.wake(['note'])
  await expect.poll(() => texts.length).toBe(3)
  // Far below the interval of polling.
  expect(performance.now() - woken).toBeLessThan(10_000)
  expect(texts.sort()).toEqual(['a', 'b', 'c'])
  await expect.poll(async () => counts('note')).toMatchObject({ queued: 1, running: 0 })
})

test('each job runs once, whichever of two nodes takes it', async () => {
  const texts: string[] = []
  const runners = [
    await startRunner(async ({ text }) => void texts.push(text)),
    await startRunner(async ({ text }) => void texts.push(text)),
  ]
  const added = Array.from({ length: 20 }, (_, i) => `${i}`)
  await Promise.all(added.map((text) => add('note', { text })))
  for (const runner of runners) runner.wake(['note'])
  await expect.poll(async () => (await counts('note'))?.queued).toBe(0)
  await expect.poll(async () => (await counts('note'))?.running).toBe(0)
  expect(texts.sort()).toEqual(added.sort())
})

test('at most one job of a key waits', async () => {
  expect(await add('keyed', { id: 'a' })).toBe(true)
  expect(await add('keyed', { id: 'a' })).toBe(false)
  expect(await add('keyed', { id: 'b' })).toBe(true)
  const ids: string[] = []
  await drainJobs(
    pool,
    handlers(
      async () => undefined,
      async ({ id }) => void ids.push(id),
    ),
    DEFINITIONS,
  )
  expect(ids).toEqual(['a', 'b'])
})

test('refuses data that the definition does not allow', async () => {
  await expect(add('note', { text: 'a', secret: 'b' })).rejects.toThrow('secret')
})

test('a failing job is repeated later, and in the end kept for the operator', async () => {
  let runs = 0
  const failing = handlers(async () => {
    runs += 1
    throw new Error('no luck')
  })
  await add('note', { text: 'a' })
  const drain = () => drainJobs(pool, failing, DEFINITIONS)
  await expect(drain()).rejects.toThrow('1 jobs failed')
  expect(await counts('note')).toMatchObject({ queued: 1, failed: 0 })
  expect(await drain()).toEqual([])
  while ((await counts('note'))?.failed === 0) {
    await makeDue()
    await expect(drain()).rejects.toThrow('1 jobs failed')
  }
  expect(runs).toBe(9)
  expect(await counts('dead-letter')).toMatchObject({ queued: 1 })
})

test('an aborted job of a node that stops runs again on another', async () => {
  const started = Promise.withResolvers<void>()
  const aborted = Promise.withResolvers<void>()
  const runner = new JobRunner<Name>({
    url,
    definitions: DEFINITIONS,
    onError: () => undefined,
    handlers: handlers(async (_, signal) => {
      started.resolve()
      await once(signal, 'abort')
      aborted.resolve()
    }),
  })
  await runner.start()
  await add('note', { text: 'moved' })
  runner.wake(['note'])
  await started.promise
  await runner.stop(1)
  await aborted.promise
  await makeDue()
  const texts: string[] = []
  await drainJobs(
    pool,
    handlers(async ({ text }) => void texts.push(text)),
    DEFINITIONS,
  )
  expect(texts).toEqual(['moved'])
})

test('another node runs the job of a node that was killed', async () => {
  await add('note', { text: 'survivor' })
  const script = `
    import { JobRunner } from ${JSON.stringify(new URL('./jobRunner.ts', import.meta.url).href)}
    const definitions = { note: { data: undefined, expireInSeconds: 60 } }
    const held = () => new Promise(() => { process.stdout.write('holding'); setInterval(() => undefined, 1_000) })
    await new JobRunner({ url: process.env.URL_OF_DATABASE, definitions, handlers: { note: held }, onError: () => undefined }).start()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, URL_OF_DATABASE: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await counts('note')).toMatchObject({ queued: 0, running: 1 })
  // As if its last heartbeat was long ago. A runner looks for lost jobs by itself, every 20 seconds.
  await pool.query(`UPDATE ${QUEUE_SCHEMA}.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'`)
  await (await openQueues(pool, DEFINITIONS)).supervise()
  expect(await counts('note')).toMatchObject({ queued: 1, running: 0 })
  await makeDue()
  const texts: string[] = []
  await drainJobs(
    pool,
    handlers(async ({ text }) => void texts.push(text)),
    DEFINITIONS,
  )
  expect(texts).toEqual(['survivor'])
})

test('a role that may only read and write rows is enough', async () => {
  const role = `${database}_app`
  const { adminUrl } = inject('testServer')
  await withClient(adminUrl, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`))
  await withClient(databaseUrl(adminUrl, database), (client) =>
    client.query(`
      GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${role}`),
  )
  onTestFinished(() =>
    withClient(databaseUrl(adminUrl, database), async (client) => {
      await client.query(`DROP OWNED BY ${role}`)
      await client.query(`DROP ROLE ${role}`)
    }),
  )
  const limited = new URL(url)
  limited.username = role
  limited.password = 'x'
  const errors: unknown[] = []
  const texts: string[] = []
  const runner = await startRunner(async ({ text }) => void texts.push(text), limited.href, errors)
  await add('note', { text: 'allowed' })
  runner.wake(['note'])
  await expect.poll(() => texts).toEqual(['allowed'])
  await expect.poll(async () => (await counts('note'))?.running).toBe(0)
  expect(errors).toEqual([])
  const own = new pg.Client({ connectionString: limited.href })
  await own.connect()
  await expect(own.query(`CREATE TABLE ${QUEUE_SCHEMA}.other ()`)).rejects.toMatchObject({ code: '42501' })
  await own.end()
})
