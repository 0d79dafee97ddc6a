import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto'
import { type Database, nameKeys, userNameKeys } from '@roster/db'
import { searchKey } from '@roster/domain'

type Pool = Database['pool']

/** The ids of the seeded rows, and the token of an administrator's session. */
export interface Seeded {
  organizationId: string
  administratorId: string
  /** The session token in the cookie. */
  token: string
  /** A workspace without members, for membership saves. */
  emptyWorkspaceId: string
  /** 10,000 users of the organization. */
  users: string[]
}

const USERS = 100_000
const WORKSPACES = 1_000
/** Memberships of each user. */
const MEMBERSHIPS = 5
const FIRST = [
  'anna',
  'boris',
  'chen',
  'dana',
  'elif',
  'femi',
  'grace',
  'hugo',
  'ines',
  'jonas',
  'kavya',
  'lars',
  'mila',
  'noor',
  'olga',
  'pavel',
  'rosa',
  'sven',
  'tara',
  'yusuf',
]
// 20 × 10 surnames: one user in 200 has each.
const SURNAME_HEADS = [
  'acker',
  'berg',
  'blom',
  'ehren',
  'feld',
  'gold',
  'hammar',
  'holm',
  'kirsch',
  'lind',
  'mohr',
  'nord',
  'ost',
  'rosen',
  'sand',
  'silber',
  'stein',
  'sund',
  'wald',
  'winter',
]
const SURNAME_TAILS = ['bach', 'berg', 'er', 'gren', 'hagen', 'mann', 'stad', 'ström', 'vik', 'wald']

/** The search term: a surname that 500 of 100,000 users have. */
export const SEARCH_TERM = 'lindgren'

function name(n: number): { first: string; last: string } {
  const surname = Math.floor(n / FIRST.length)
  const head = SURNAME_HEADS[surname % SURNAME_HEADS.length] ?? ''
  const tail = SURNAME_TAILS[Math.floor(surname / SURNAME_HEADS.length) % SURNAME_TAILS.length] ?? ''
  return { first: FIRST[n % FIRST.length] ?? '', last: `${head}${tail}` }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/**
 * Fills an empty database with 100,000 users in 1,000 workspaces, five each, and updates the statistics. Plain SQL over
 * columns that every compared version has.
 */
export async function seed(pool: Pool): Promise<Seeded> {
  const organizationId = randomUUIDv7()
  const { nameKey, caselessName } = nameKeys('Bench')
  await pool.query('INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, $2, $3, $4)', [
    organizationId,
    'Bench',
    nameKey,
    caselessName,
  ])
  const rows = Array.from({ length: USERS }, (_, n) => {
    const { first, last } = name(n)
    const username = `${first}.${searchKey(last)}.${n}`
    const displayName = `${capital(first)} ${capital(last)}`
    return {
      id: randomUUIDv7(),
      username,
      displayName,
      ...userNameKeys(username, displayName),
      role: n === 0 ? 'administrator' : n % 50 === 0 ? 'manager' : 'default',
      lastSeenMinutes: n % 7 === 0 ? null : n,
    }
  })
  for (let from = 0; from < rows.length; from += 10_000) {
    await pool.query(
      `INSERT INTO "user" ("id", "organizationId", "username", "displayName", "displayNameKey", "searchKey", "role", "createdAt", "lastSeenAt")
       SELECT r."id", $1, r."username", r."displayName", r."displayNameKey", r."searchKey", r."role"::"role", now() - make_interval(secs => r."ord"), now() - make_interval(mins => r."lastSeenMinutes")
       FROM (SELECT *, row_number() OVER () AS "ord" FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "username" text, "displayName" text, "displayNameKey" text, "searchKey" text, "role" text, "lastSeenMinutes" int)) r`,
      [organizationId, JSON.stringify(rows.slice(from, from + 10_000))],
    )
  }
  const workspaces = Array.from({ length: WORKSPACES }, (_, n) => ({ id: randomUUIDv7(), name: `Workspace ${n}` }))
  await insertWorkspaces(pool, organizationId, workspaces)
  // PostgreSQL plans the checks of foreign keys by the known size of the tables.
  await pool.query('ANALYZE')
  for (let k = 1; k <= MEMBERSHIPS; k++) {
    await pool.query(
      `INSERT INTO "member" ("organizationId", "workspaceId", "userId")
       SELECT $1, ($2::uuid[])[1 + (u."n" * 7 + $3::int * 131) % $4::int], u."id" FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS "n" FROM "user") u`,
      [organizationId, workspaces.map((workspace) => workspace.id), k, WORKSPACES],
    )
  }
  const emptyWorkspaceId = randomUUIDv7()
  await insertWorkspaces(pool, organizationId, [{ id: emptyWorkspaceId, name: 'Empty' }])
  const administratorId = rows[0]?.id ?? ''
  const token = await createSession(pool, organizationId, administratorId)
  // The policy keeps one administrator with a password; no sign-in uses this one.
  await pool.query(`UPDATE "user" SET "passwordHash" = 'opens nothing' WHERE "id" = $1`, [administratorId])
  await pool.query('VACUUM (ANALYZE)')
  return { organizationId, administratorId, token, emptyWorkspaceId, users: rows.slice(1, 10_001).map((row) => row.id) }
}

async function insertWorkspaces(pool: Pool, organizationId: string, workspaces: { id: string; name: string }[]) {
  await pool.query(
    `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName")
     SELECT r."id", $1, r."name", r."nameKey", r."caselessName"
     FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "name" text, "nameKey" text, "caselessName" text)`,
    [organizationId, JSON.stringify(workspaces.map((workspace) => ({ ...workspace, ...nameKeys(workspace.name) })))],
  )
}

/** Inserts a session; returns its token. */
export async function createSession(pool: Pool, organizationId: string, userId: string): Promise<string> {
  const token = randomBytes(20).toString('hex')
  await pool.query(
    `INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "expiresAt", "absoluteEndAt")
     VALUES ($1, $2, $3, $4, now() + interval '6 days', now() + interval '30 days')`,
    [randomUUIDv7(), createHash('sha256').update(token).digest(), organizationId, userId],
  )
  return token
}
