import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { commit, nameKeys, openSession, userNameKeys } from '@roster/db'
import { type Role, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, type UserStatus } from '@roster/domain'
import type { Services } from '../../src/server/services.ts'
import { hashToken } from '../../src/session/adapter.ts'
import { sessionCookieName } from '../../src/session/lucia.ts'

/** The fields of a new user; the others get defaults. */
export interface NewUser {
  organizationId: string
  username?: string
  displayName?: string | null
  role?: Role
  status?: UserStatus
  /** A made-up hash lets no one sign in, but the user counts as one who has a credential. */
  passwordHash?: string | null
}

/** Inserts rows directly, without the policy and without signing in. */
export type Fixtures = ReturnType<typeof fixtures>

let count = 0

/** Fixtures for a node's database. */
export function fixtures(services: Pick<Services, 'db' | 'publicUrl' | 'hmacKey'>) {
  const { pool, prisma } = services.db

  async function organization(name = `Organization ${++count}`): Promise<{ id: string; name: string }> {
    const id = randomUUIDv7()
    const { nameKey, caselessName } = nameKeys(name)
    await pool.query(`INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, $2, $3, $4)`, [
      id,
      name,
      nameKey,
      caselessName,
    ])
    return { id, name }
  }

  /** Inserts many users at once; returns them in the order given. */
  async function users(
    given: readonly NewUser[],
  ): Promise<{ id: string; organizationId: string; username: string; role: Role }[]> {
    const rows = given.map(
      ({
        username = `user-${++count}`,
        displayName = null,
        role = 'default',
        status = 'active',
        passwordHash = null,
        organizationId,
      }) => {
        const deleted = status === 'deleted'
        const names = deleted ? { displayNameKey: '', searchKey: '' } : userNameKeys(username, displayName)
        return {
          id: randomUUIDv7(),
          organizationId,
          username: deleted ? null : username,
          displayName,
          role,
          status,
          passwordHash,
          ...names,
          fixtureName: username,
        }
      },
    )
    await pool.query(
      `INSERT INTO "user" ("id", "organizationId", "username", "displayName", "role", "status", "passwordHash", "displayNameKey", "searchKey")
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r("id" uuid, "organizationId" uuid, "username" text, "displayName" text, "role" "role", "status" "user_status",
         "passwordHash" text, "displayNameKey" text, "searchKey" text)`,
      [JSON.stringify(rows)],
    )
    // Foreign key checks keep a plan made for a small table. A server replans within a minute by itself; tests can't
    // wait that long.
    if (rows.length >= 1000) await pool.query(`ANALYZE "user"`)
    return rows.map(({ id, organizationId, fixtureName, role }) => ({
      id,
      organizationId,
      username: fixtureName,
      role,
    }))
  }

  async function user(given: NewUser): Promise<{ id: string; organizationId: string; username: string; role: Role }> {
    const [created] = await users([given])
    if (!created) throw new Error('no user was created')
    return created
  }

  async function workspace(given: {
    organizationId: string
    name?: string
    archived?: boolean
  }): Promise<{ id: string; organizationId: string; name: string }> {
    const { organizationId, name = `Workspace ${++count}`, archived = false } = given
    const id = randomUUIDv7()
    const { nameKey, caselessName } = nameKeys(name)
    await pool.query(
      `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName", "archivedAt") VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() END)`,
      [id, organizationId, name, nameKey, caselessName, archived],
    )
    return { id, organizationId, name }
  }

  /** Adds users to a workspace; `expiresAt` applies to every membership. */
  async function members(
    workspace: { id: string; organizationId: string },
    users: readonly { id: string }[],
    expiresAt: Date | null = null,
  ): Promise<void> {
    await pool.query(
      `INSERT INTO "member" ("organizationId", "workspaceId", "userId", "expiresAt") SELECT $1, $2, unnest($3::uuid[]), $4`,
      [workspace.organizationId, workspace.id, users.map((user) => user.id), expiresAt],
    )
  }

  /** Opens a session; returns its id and its `cookie` header. */
  async function session(user: { id: string }): Promise<{ id: string; cookie: string }> {
    const [id, token] = [randomUUIDv7(), randomBytes(24).toString('base64url')]
    const now = Date.now()
    const row = { id, tokenHash: hashToken(token), userId: user.id, device: null, address: null }
    const ends = { expiresAt: new Date(now + SESSION_IDLE_MS), absoluteEndAt: new Date(now + SESSION_ABSOLUTE_MS) }
    await commit({ db: { prisma } }, {}, ({ tx }) => openSession(tx, { ...row, ...ends }))
    return { id, cookie: `${sessionCookieName(services)}=${token}` }
  }

  return { organization, user, users, workspace, members, session }
}
