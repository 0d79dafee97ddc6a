import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'

const USERS = 100_000
const WORKSPACES = 100

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const globex = await make.organization('Globex')

/** Inserts users, each a member of one workspace and with an open session. */
async function fill(organizationId: string): Promise<void> {
  const { pool } = db
  await pool.query(
    `INSERT INTO "user" ("id", "organizationId", "username", "displayNameKey", "searchKey", "role", "passwordHash")
     SELECT gen_random_uuid(), $1::uuid, 'user' || i, 'user' || i, 'user' || i || chr(10), 'default', 'x' FROM generate_series(1, $2::int) i`,
    [organizationId, USERS],
  )
  for (let n = 0; n < WORKSPACES; n++) await make.workspace({ organizationId })
  await pool.query(
    `INSERT INTO "member" ("organizationId", "workspaceId", "userId") SELECT $1::uuid, w."id", u."id"
     FROM (SELECT "id", row_number() OVER () AS n FROM "user" WHERE "organizationId" = $1::uuid) u
     JOIN (SELECT "id", row_number() OVER () AS n FROM "workspace" WHERE "organizationId" = $1::uuid) w ON u.n % $2::int = w.n % $2::int`,
    [organizationId, WORKSPACES],
  )
  await pool.query(
    `INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "device", "address", "expiresAt", "absoluteEndAt")
     SELECT gen_random_uuid(), uuid_send(u."id"), $1::uuid, u."id", 'Firefox on Linux', '192.0.2.1', now() + interval '1 day', now() + interval '1 day'
     FROM "user" u WHERE u."organizationId" = $1::uuid`,
    [organizationId],
  )
}

test('suspends and deletes an organization of 100,000 users in one call each', async () => {
  await fill(globex.id)
  expect(await as(ada).organization.suspend.mutate({ organizationId: globex.id })).toEqual({
    changed: true,
    sessions: USERS,
  })
  expect(await as(ada).organization.delete.mutate({ organizationId: globex.id, confirmation: 'Globex' })).toEqual({
    users: USERS,
    workspaces: WORKSPACES,
  })
  expect(await db.prisma.user.count({ where: { organizationId: globex.id, status: { not: 'deleted' } } })).toBe(0)
  expect(await db.prisma.session.count({ where: { organizationId: globex.id, address: { not: null } } })).toBe(0)
}, 300_000)
