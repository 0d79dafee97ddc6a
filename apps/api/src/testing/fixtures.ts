import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { inTransaction, nameKeys, nameKeysOf, openSession } from '@roster/db'
import { type Role, SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, type UserStatus } from '@roster/domain'
import type { Services } from '../services.ts'
import { hashToken } from '../session/adapter.ts'
import { sessionCookieName } from '../session/lucia.ts'

/** What is given of a user to make; the rest is made up. */
export interface UserGiven {
  organizationId: string
  username?: string
  displayName?: string | null
  role?: Role
  status?: UserStatus
  /** Who has a hash of no password can't sign in, but counts as somebody who could. */
  passwordHash?: string | null
}

/** Makes rows, straight in the database: nothing here goes through policy, and nobody signs in. */
export type Fixtures = ReturnType<typeof fixtures>

let count = 0

/** Fixtures for a node's database. */
export function fixtures(services: Pick<Services, 'db' | 'publicUrl' | 'hmacKey'>) {
  const { pool, prisma } = services.db

  async function organization(name = `Organization ${++count}`): Promise<{ id: string; name: string }> {
    const id = randomUUIDv7()
    const { nameKey, caselessName } = nameKeysOf(name)
    await pool.query(`INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, $2, $3, $4)`, [id, name, nameKey, caselessName])
    return { id, name }
  }

  /** Many users at once, in the order of the list. */
  async function users(given: readonly UserGiven[]): Promise<{ id: string; organizationId: string; username: string; role: Role }[]> {
    const rows = given.map(({ username = `user-${++count}`, displayName = null, role = 'default', status = 'active', passwordHash = null, organizationId }) => {
      const deleted = status === 'deleted'
      const names = deleted ? { displayNameKey: '', searchKey: '' } : nameKeys(username, displayName)
      return { id: randomUUIDv7(), organizationId, username: deleted ? null : username, displayName, role, status, passwordHash, ...names, told: username }
    })
    await pool.query(
      `INSERT INTO "user" ("id", "organizationId", "username", "displayName", "role", "status", "passwordHash", "displayNameKey", "searchKey")
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r("id" uuid, "organizationId" uuid, "username" text, "displayName" text, "role" "role", "status" "user_status",
         "passwordHash" text, "displayNameKey" text, "searchKey" text)`,
      [JSON.stringify(rows)],
    )
    // Foreign keys are checked by plans that were made for the table's size when they were first needed; a server notices by itself within a minute.
    if (rows.length >= 1000) await pool.query(`ANALYZE "user"`)
    return rows.map(({ id, organizationId, told, role }) => ({ id, organizationId, username: told, role }))
  }

  async function user(given: UserGiven): Promise<{ id: string; organizationId: string; username: string; role: Role }> {
    const [made] = await users([given])
    if (!made) throw new Error('no user was made')
    return made
  }

  async function workspace(given: {
    organizationId: string
    name?: string
    archived?: boolean
  }): Promise<{ id: string; organizationId: string; name: string }> {
    const { organizationId, name = `Workspace ${++count}`, archived = false } = given
    const id = randomUUIDv7()
    const { nameKey, caselessName } = nameKeysOf(name)
    await pool.query(
      `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName", "archivedAt") VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() END)`,
      [id, organizationId, name, nameKey, caselessName, archived],
    )
    return { id, organizationId, name }
  }

  /** Put people into a workspace; `until`: when that ends by itself. */
  async function members(at: { id: string; organizationId: string }, people: readonly { id: string }[], expiresAt: Date | null = null): Promise<void> {
    await pool.query(`INSERT INTO "member" ("organizationId", "workspaceId", "userId", "expiresAt") SELECT $1, $2, unnest($3::uuid[]), $4`, [
      at.organizationId,
      at.id,
      people.map((person) => person.id),
      expiresAt,
    ])
  }

  /** An open session of somebody, and the `cookie` header by which it is known. */
  async function session(whose: { id: string }): Promise<{ id: string; cookie: string }> {
    const [id, token] = [randomUUIDv7(), randomBytes(24).toString('base64url')]
    const now = Date.now()
    const row = { id, tokenHash: hashToken(token), userId: whose.id, device: null, address: null }
    const ends = { expiresAt: new Date(now + SESSION_IDLE_MS), absoluteEndAt: new Date(now + SESSION_ABSOLUTE_MS) }
    await inTransaction(prisma, (tx) => openSession(tx, { ...row, ...ends }))
    return { id, cookie: `${sessionCookieName(services)}=${token}` }
  }

  return { organization, user, users, workspace, members, session }
}
