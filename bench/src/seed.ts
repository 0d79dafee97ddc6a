import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto'
import { type Database, nameKeys, nameKeysOf } from '@roster/db'
import { searchKey } from '@roster/domain'

/** What was seeded, and the token of an administrator's session. */
export interface Seeded {
  organizationId: string
  administratorId: string
  /** A session's token, as the cookie carries it. */
  token: string
  /** A workspace without members, for the membership save. */
  emptyWorkspaceId: string
  /** 10,000 people of the organization. */
  users: string[]
}

const USERS = 100_000
const WORKSPACES = 1_000
/** Of each person. */
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
// 20 × 10 surnames: each is borne by one in 200.
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

/** What is searched for: a surname, as somebody would who looks for a person. 500 of 100,000 bear it. */
export const SEARCHED = 'lindgren'

function name(n: number): { first: string; last: string } {
  const surname = Math.floor(n / FIRST.length)
  const head = SURNAME_HEADS[surname % SURNAME_HEADS.length] ?? ''
  const tail = SURNAME_TAILS[Math.floor(surname / SURNAME_HEADS.length) % SURNAME_TAILS.length] ?? ''
  return { first: FIRST[n % FIRST.length] ?? '', last: `${head}${tail}` }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Fill an empty database with 100,000 people in 1,000 workspaces, five each; statistics are brought up to date. */
export async function seed({ pool, prisma }: Pick<Database, 'pool' | 'prisma'>): Promise<Seeded> {
  const organizationId = randomUUIDv7()
  await prisma.organization.create({ data: { id: organizationId, name: 'Bench', ...nameKeysOf('Bench') }, select: { id: true } })
  const rows = Array.from({ length: USERS }, (_, n) => {
    const { first, last } = name(n)
    const username = `${first}.${searchKey(last)}.${n}`
    const displayName = `${capital(first)} ${capital(last)}`
    return {
      id: randomUUIDv7(),
      username,
      displayName,
      ...nameKeys(username, displayName),
      role: n === 0 ? 'administrator' : n % 50 === 0 ? 'manager' : 'default',
      expected: n % 7 === 0 ? null : n,
    }
  })
  for (let from = 0; from < rows.length; from += 10_000) {
    await pool.query(
      `INSERT INTO "user" ("id", "organizationId", "username", "displayName", "displayNameKey", "searchKey", "role", "createdAt", "lastSeenAt")
       SELECT r."id", $1, r."username", r."displayName", r."displayNameKey", r."searchKey", r."role"::"role", now() - make_interval(secs => r."ord"), now() - make_interval(mins => r."expected")
       FROM (SELECT *, row_number() OVER () AS "ord" FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "username" text, "displayName" text, "displayNameKey" text, "searchKey" text, "role" text, "expected" int)) r`,
      [organizationId, JSON.stringify(rows.slice(from, from + 10_000))],
    )
  }
  const workspaces = Array.from({ length: WORKSPACES }, (_, n) => ({ id: randomUUIDv7(), name: `Workspace ${n}` }))
  await prisma.workspace.createMany({ data: workspaces.map(({ id, name: called }) => ({ id, organizationId, name: called, ...nameKeysOf(called) })) })
  // Foreign keys are checked by plans made for the tables' size as it is known.
  await pool.query('ANALYZE')
  for (let k = 1; k <= MEMBERSHIPS; k++) {
    await pool.query(
      `INSERT INTO "member" ("organizationId", "workspaceId", "userId")
       SELECT $1, ($2::uuid[])[1 + (u."n" * 7 + $3::int * 131) % $4::int], u."id" FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS "n" FROM "user") u`,
      [organizationId, workspaces.map((workspace) => workspace.id), k, WORKSPACES],
    )
  }
  const emptyWorkspaceId = randomUUIDv7()
  await prisma.workspace.create({ data: { id: emptyWorkspaceId, organizationId, name: 'Empty', ...nameKeysOf('Empty') }, select: { id: true } })
  const administratorId = rows[0]?.id ?? ''
  const token = await session({ prisma }, organizationId, administratorId)
  // Somebody has to be able to administer; nobody signs in with this.
  await prisma.user.update({ where: { id: administratorId }, data: { passwordHash: 'opens nothing' }, select: { id: true } })
  await pool.query('VACUUM (ANALYZE)')
  return { organizationId, administratorId, token, emptyWorkspaceId, users: rows.slice(1, 10_001).map((row) => row.id) }
}

/** Make a session row; gives its token. */
export async function session({ prisma }: Pick<Database, 'prisma'>, organizationId: string, userId: string): Promise<string> {
  const token = randomBytes(20).toString('hex')
  const end = new Date(Date.now() + 24 * 60 * 60 * 1000)
  await prisma.session.create({
    data: {
      id: randomUUIDv7(),
      tokenHash: Buffer.from(createHash('sha256').update(token).digest()),
      organizationId,
      userId,
      expiresAt: new Date(end.getTime() + 5 * 24 * 60 * 60 * 1000),
      absoluteEndAt: new Date(end.getTime() + 29 * 24 * 60 * 60 * 1000),
    },
    select: { id: true },
  })
  return token
}
