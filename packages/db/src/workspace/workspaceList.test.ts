import { randomUUID } from 'node:crypto'
import type { Scope } from '@roster/domain'
import type pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { listWorkspaces } from './workspaceList.ts'

const USERS = 2_000
const WORKSPACES = 20
const { url } = await createTestDatabase()
const { pool, close } = connect({ url })
afterAll(close)

const organizationId = randomUUID()
const scope: Scope = { kind: 'organization', organizationId }
await pool.query(
  `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
  [organizationId],
)
await pool.query(
  `INSERT INTO "user" ("id", "organizationId", "username", "role") SELECT gen_random_uuid(), $1, 'user.' || n, 'default' FROM generate_series(1, $2::int) n`,
  [organizationId, USERS],
)
await pool.query(
  `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName")
   SELECT gen_random_uuid(), $1, 'Team ' || n, 'team ' || n, 'team ' || n FROM generate_series(1, $2::int) n`,
  [organizationId, WORKSPACES],
)
// Every tenth membership has expired.
await pool.query(
  `INSERT INTO "member" ("organizationId", "workspaceId", "userId", "expiresAt")
   SELECT $1, w."id", u."id", CASE WHEN right(u."username", 1) = '0' THEN now() - interval '1 minute' END FROM "workspace" w, "user" u`,
  [organizationId],
)
const list = (client: Pick<pg.Pool, 'query'>) =>
  listWorkspaces(client as pg.Pool, randomUUID(), scope, {}, { size: 50, backward: false, from: undefined })

test('counts the current members of each workspace', async () => {
  const { rows } = await list(pool)
  expect(rows.map(({ memberCount }) => memberCount)).toEqual(Array.from({ length: WORKSPACES }, () => USERS * 0.9))
})

test('counts members by an index-only scan, so that a page of large workspaces is fast', async () => {
  // VACUUM marks pages as all-visible only once the latest commits have reached the log.
  await expect
    .poll(
      async () => {
        await pool.query('VACUUM (ANALYZE) "member"')
        return (await pool.query(`SELECT 1 FROM pg_class WHERE relname = 'member' AND relallvisible > 0.9 * relpages`))
          .rowCount
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  const plans: string[] = []
  const explained = async ({ text, values }: pg.QueryConfig) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    return { rows: [] }
  }
  await list({ query: explained } as unknown as pg.Pool)
  expect(plans.join()).toContain('Index Only Scan using member_pkey on member m')
})
