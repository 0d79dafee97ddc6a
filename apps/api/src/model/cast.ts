import type { Role } from '@roster/domain'
import type { TestInstance } from '../testing/instance.ts'
import type { World } from './world.ts'

/** Who there is at first, in two organizations: their roles, and whether they are in their organization's first workspace. */
const CAST: readonly (readonly [organization: number, role: Role, member: boolean])[] = [
  [0, 'administrator', false],
  [1, 'administrator', false],
  [0, 'manager', true],
  [0, 'manager', false],
  [1, 'manager', true],
  [0, 'default', true],
  [0, 'default', false],
  [1, 'default', true],
]

/** Makes two organizations with their people and two workspaces each. Nobody else administers the instance then. */
export async function makeWorld({ make, db }: Pick<TestInstance, 'make' | 'db'>): Promise<World> {
  await db.pool.query(`UPDATE "user" SET "role" = 'default' WHERE "role" = 'administrator'`)
  await db.pool.query('DELETE FROM "rate_limit"')
  const tenants = [await make.organization(), await make.organization()]
  const places = await Promise.all(
    [0, 0, 1, 1].map(async (organization) => ({ ...(await make.workspace({ organizationId: tenants[organization]?.id ?? '' })), organization })),
  )
  const made = await make.users(CAST.map(([organization, role]) => ({ organizationId: tenants[organization]?.id ?? '', role, passwordHash: 'x' })))
  const members = (at: number) => CAST.flatMap(([organization, , member], index) => (member && at === organization * 2 ? [index] : []))
  for (const [at, place] of places.entries()) {
    const people = members(at).flatMap((index) => made[index] ?? [])
    await make.members({ id: place.id, organizationId: tenants[place.organization]?.id ?? '' }, people)
  }
  return {
    users: made.map(({ id, username, role }, index) => ({
      index,
      id,
      username,
      role,
      organization: CAST[index]?.[0] ?? 0,
      status: 'active',
      credential: true,
    })),
    places: places.map(({ id, name, organization }, at) => ({ id, name, organization, members: new Set(members(at)) })),
    tenants: tenants.map(({ id }) => ({ id, suspended: false, managerScope: 'organization' })),
    invitations: [],
    imports: [],
  }
}

/** The same of the rows as they are. */
export async function readWorld({ db }: Pick<TestInstance, 'db'>, { users, places, tenants }: World): Promise<object> {
  const ids = users.map(({ id }) => id)
  const found = await db.pool.query<{ id: string; role: Role; organizationId: string; status: string }>(
    `SELECT "id", "role", "organizationId", "status" FROM "user" WHERE "organizationId" = ANY($1::uuid[])`,
    [tenants.map(({ id }) => id)],
  )
  const members = await db.pool.query<{ workspaceId: string; userId: string }>(
    `SELECT "workspaceId", "userId" FROM "member" WHERE "workspaceId" = ANY($1::uuid[])`,
    [places.map(({ id }) => id)],
  )
  const organizations = await db.pool.query<{ id: string; status: string; managerScope: string }>(
    `SELECT "id", "status", "managerScope" FROM "organization" WHERE "id" = ANY($1::uuid[])`,
    [tenants.map(({ id }) => id)],
  )
  return {
    users: Object.fromEntries(
      found.rows.map(({ id, role, organizationId, status }) => [ids.indexOf(id), [role, tenants.findIndex((tenant) => tenant.id === organizationId), status]]),
    ),
    members: places.map(({ id }) => members.rows.flatMap(({ workspaceId, userId }) => (workspaceId === id ? [ids.indexOf(userId)] : [])).sort((a, b) => a - b)),
    tenants: tenants.map(({ id }) => organizations.rows.flatMap((row) => (row.id === id ? [[row.status, row.managerScope]] : []))[0]),
  }
}

/** What `readWorld` has to find. */
export function tellWorld({ users, places, tenants }: World): object {
  return {
    users: Object.fromEntries(users.map(({ index, role, organization, status }) => [index, [role, organization, status]])),
    members: places.map(({ members }) => [...members].sort((a, b) => a - b)),
    tenants: tenants.map(({ suspended, managerScope }) => [suspended ? 'suspended' : 'active', managerScope]),
  }
}
