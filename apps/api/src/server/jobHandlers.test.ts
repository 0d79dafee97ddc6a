import { randomUUIDv7 } from 'node:crypto'
import { commit, JOB_NAMES } from '@roster/db'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'

const instance = await testInstance()
const { db, services, make } = instance
await instance.openQueues()

const count = async (table: string, where = 'true') =>
  (await db.pool.query<{ n: number }>(`SELECT count(*)::int AS "n" FROM "${table}" WHERE ${where}`)).rows[0]?.n

test('the scheduled jobs expire, move and delete what is due, and nothing else', async () => {
  const user = await make.user({ organizationId: (await make.organization()).id })
  const workspace = await make.workspace(user)
  await make.members(workspace, [user], new Date(Date.now() - 60_000))
  await db.pool.query(
    `INSERT INTO "outbox_event" ("capability", "at") VALUES ('user', now() - interval '2 hours'), ('user', now() - interval '30 minutes')`,
  )
  await db.pool.query(
    `INSERT INTO "refusal_count" ("minute", "subject", "action", "code", "count") VALUES (date_trunc('minute', now() - interval '5 minutes'), 's', 'user.create', 'ROLE_LACKS_ACTION', 3)`,
  )
  const imported = `INSERT INTO "import" ("id", "organizationId", "fileName", "createdById", "status", "credential", "rowCount", "createdAt") VALUES ($1, $2, 'a.csv', $3, 'done', 'link', 0, now() - $4::interval)`
  await db.pool.query(imported, [randomUUIDv7(), user.organizationId, user.id, '31 days'])
  await db.pool.query(imported, [randomUUIDv7(), user.organizationId, user.id, '29 days'])
  await db.pool.query(
    `INSERT INTO "rate_limit" VALUES ('\\x00', 1, now(), now(), now() - interval '1 day'), ('\\x01', 1, now(), now(), now() + interval '1 day')`,
  )

  await commit(services, {}, async ({ enqueue }) => {
    for (const name of JOB_NAMES) await enqueue(name, {})
  })
  expect((await instance.drainJobs()).sort()).toEqual([...JOB_NAMES].sort())

  expect(await count('member', `"userId" = '${user.id}'`)).toBe(0)
  expect(await instance.audit(user.id)).toContainEqual(expect.objectContaining({ action: 'member.expired' }))
  expect(await count('outbox_event', `"at" < now() - interval '20 minutes'`)).toBe(1)
  expect(await count('refusal_count')).toBe(0)
  expect(await count('audit_event', `"code" = 'ROLE_LACKS_ACTION' AND "count" = 3`)).toBe(1)
  expect(await count('import')).toBe(1)
  expect(await count('rate_limit')).toBe(1)
})

test('a second run of every job changes nothing', async () => {
  const tables = ['member', 'audit_event', 'import', 'rate_limit', 'refusal_count']
  const counts = () => Promise.all(tables.map((table) => count(table)))
  const before = await counts()
  await commit(services, {}, async ({ enqueue }) => {
    for (const name of JOB_NAMES) await enqueue(name, {})
  })
  await instance.drainJobs()
  expect(await counts()).toEqual(before)
})
