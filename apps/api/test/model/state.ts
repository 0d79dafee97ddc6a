import type { Role } from '@roster/domain'
import type { TestInstance } from '../support/instance.ts'
import type { World } from './world.ts'

/** The initial users of two organizations; members are in the first workspace of their organization. */
const INITIAL_USERS: readonly (readonly [organizationIndex: number, role: Role, isMember: boolean])[] = [
  [0, 'administrator', false],
  [1, 'administrator', false],
  [0, 'manager', true],
  [0, 'manager', false],
  [1, 'manager', true],
  [0, 'default', true],
  [0, 'default', false],
  [1, 'default', true],
]

/** Creates two organizations with users and two workspaces each. Demotes all other administrators of the instance. */
export async function createWorld({ make, db }: Pick<TestInstance, 'make' | 'db'>): Promise<World> {
  await db.pool.query(`UPDATE "user" SET "role" = 'default' WHERE "role" = 'administrator'`)
  await db.pool.query('DELETE FROM "rate_limit"')
  const organizations = [await make.organization(), await make.organization()]
  const organizationId = (index: number) => organizations[index]?.id ?? ''
  const workspaces = await Promise.all(
    [0, 0, 1, 1].map(async (organizationIndex) => ({
      ...(await make.workspace({ organizationId: organizationId(organizationIndex) })),
      organizationIndex,
    })),
  )
  const users = await make.users(
    INITIAL_USERS.map(([organizationIndex, role]) => ({
      organizationId: organizationId(organizationIndex),
      role,
      passwordHash: 'x',
    })),
  )
  const memberIndexes = (workspaceIndex: number) =>
    INITIAL_USERS.flatMap(([organizationIndex, , isMember], index) =>
      isMember && workspaceIndex === organizationIndex * 2 ? [index] : [],
    )
  for (const [workspaceIndex, workspace] of workspaces.entries()) {
    const members = memberIndexes(workspaceIndex).flatMap((index) => users[index] ?? [])
    await make.members({ id: workspace.id, organizationId: organizationId(workspace.organizationIndex) }, members)
  }
  return {
    users: users.map(({ id, username, role }, index) => ({
      index,
      id,
      username,
      role,
      organizationIndex: INITIAL_USERS[index]?.[0] ?? 0,
      status: 'active',
      credential: true,
    })),
    workspaces: workspaces.map(({ id, name, organizationIndex }, index) => ({
      id,
      name,
      organizationIndex,
      members: new Set(memberIndexes(index)),
    })),
    organizations: organizations.map(({ id }) => ({ id, suspended: false, managerScope: 'organization' })),
    invitations: [],
    imports: [],
  }
}

/** Reads the actual state from the database, in the form of `expectedState`. */
export async function readState(
  { db }: Pick<TestInstance, 'db'>,
  { users, workspaces, organizations }: World,
): Promise<object> {
  const userIds = users.map(({ id }) => id)
  const organizationIds = organizations.map(({ id }) => id)
  const userRows = await db.pool.query<{ id: string; role: Role; organizationId: string; status: string }>(
    `SELECT "id", "role", "organizationId", "status" FROM "user" WHERE "organizationId" = ANY($1::uuid[])`,
    [organizationIds],
  )
  const memberRows = await db.pool.query<{ workspaceId: string; userId: string }>(
    `SELECT "workspaceId", "userId" FROM "member" WHERE "workspaceId" = ANY($1::uuid[])`,
    [workspaces.map(({ id }) => id)],
  )
  const organizationRows = await db.pool.query<{ id: string; status: string; managerScope: string }>(
    `SELECT "id", "status", "managerScope" FROM "organization" WHERE "id" = ANY($1::uuid[])`,
    [organizationIds],
  )
  return {
    users: Object.fromEntries(
      userRows.rows.map(({ id, role, organizationId, status }) => [
        userIds.indexOf(id),
        [role, organizationIds.indexOf(organizationId), status],
      ]),
    ),
    members: workspaces.map(({ id }) =>
      memberRows.rows
        .flatMap(({ workspaceId, userId }) => (workspaceId === id ? [userIds.indexOf(userId)] : []))
        .sort((a, b) => a - b),
    ),
    organizations: organizationIds.map(
      (id) => organizationRows.rows.flatMap((row) => (row.id === id ? [[row.status, row.managerScope]] : []))[0],
    ),
  }
}

/** The state that `readState` must find. */
export function expectedState({ users, workspaces, organizations }: World): object {
  return {
    users: Object.fromEntries(
      users.map(({ index, role, organizationIndex, status }) => [index, [role, organizationIndex, status]]),
    ),
    members: workspaces.map(({ members }) => [...members].sort((a, b) => a - b)),
    organizations: organizations.map(({ suspended, managerScope }) => [
      suspended ? 'suspended' : 'active',
      managerScope,
    ]),
  }
}
