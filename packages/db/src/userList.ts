import { createHash } from 'node:crypto'
import {
  type Actor,
  COUNT_MAX,
  type Count,
  type Paged,
  type Role,
  type UserFilter,
  type UserRow,
  type UserSort,
  type Visibility,
  visibleScope,
} from '@roster/domain'
import type pg from 'pg'
import { Prisma } from './generated/client.ts'
import { INSTANTS_AS_TEXT } from './instant.ts'
import { type Cursor, notACursor, type Reading, toPaged } from './page.ts'
import { userScope, workspaceScope } from './scope.ts'
import { userSearch } from './search.ts'

/** The condition of a filter on users `u`, within sight: a workspace beyond it has nobody. Deleted users are in no list. */
export function userFilterCondition(visibilityOf: Visibility, filter: UserFilter): Prisma.Sql {
  const conditions = [Prisma.sql`u."status" <> 'deleted'`, userScope(visibilityOf.user)]
  const search = userSearch(filter.search)
  if (search) conditions.push(search)
  if (filter.role?.length) conditions.push(Prisma.sql`u."role" = ANY(${filter.role}::"role"[])`)
  if (filter.status?.length) conditions.push(Prisma.sql`u."status" = ANY(${filter.status}::"user_status"[])`)
  if (filter.organizationId) conditions.push(Prisma.sql`u."organizationId" = ${filter.organizationId}::uuid`)
  if (filter.neverSignedIn) conditions.push(Prisma.sql`u."lastSeenAt" IS NULL`)
  if (filter.noSecondFactor) conditions.push(Prisma.sql`NOT u."secondFactor"`)
  if (filter.workspaceId) {
    conditions.push(
      Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${filter.workspaceId}::uuid AND m."userId" = u."id" AND (m."expiresAt" IS NULL OR m."expiresAt" > now()))`,
      Prisma.sql`EXISTS (SELECT 1 FROM "workspace" w WHERE w."id" = ${filter.workspaceId}::uuid AND ${workspaceScope(visibilityOf.workspace)})`,
    )
  }
  return Prisma.join(conditions, ' AND ')
}

interface Sorting {
  key: Prisma.Sql
  cast: Prisma.Sql
  /** A column that is told for the cursor's sake alone. */
  column?: Prisma.Sql
  of: (row: ListedUser) => string
  /** Whether a cursor's value can be one of this order's. */
  holds: (value: string) => boolean
}

const NEVER = '-infinity'

function isAnyText(): boolean {
  return true
}

/** As `toISOString` writes it, of a year that PostgreSQL has too. */
export function isInstant(value: string): boolean {
  return /^(?!0000)\d{4}-/u.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value
}

const SORTING = {
  username: { key: Prisma.sql`u."username"`, cast: Prisma.sql`::text`, of: (row) => row.username, holds: isAnyText },
  displayName: {
    key: Prisma.sql`u."displayNameKey"`,
    cast: Prisma.sql`::text`,
    column: Prisma.sql`, p."sortKey" AS "displayNameKey"`,
    of: (row) => row.displayNameKey ?? '',
    holds: isAnyText,
  },
  created: { key: Prisma.sql`u."createdAt"`, cast: Prisma.sql`::timestamptz`, of: (row) => row.createdAt, holds: isInstant },
  lastSeen: {
    key: Prisma.sql`COALESCE(u."lastSeenAt", '-infinity'::timestamptz)`,
    cast: Prisma.sql`::timestamptz`,
    of: (row) => row.lastSeenAt ?? NEVER,
    holds: (value) => value === NEVER || isInstant(value),
  },
} as const satisfies Record<UserSort, Sorting>

interface ListedUser {
  id: string
  organizationId: string
  username: string
  displayName: string | null
  displayNameKey?: string
  role: Role
  status: 'active' | 'suspended'
  dailyLimit: number | null
  createdAt: string
  lastSeenAt: string | null
  secondFactor: boolean
  workspaceCount: number
  workspaces: { id: string; name: string }[] | null
}

/**
 * The statement of one page of users with each one's workspaces, as far as they are in sight: keyset, on the index of its sort. Workspaces are looked up
 * one by one (that is what LIMIT 1 says), or PostgreSQL reads all of them again for every row of the page.
 */
export function userListStatement(
  visibilityOf: Visibility,
  filter: UserFilter,
  sort: UserSort,
  descending: boolean,
  how: Reading,
  { whole = false } = {},
): Prisma.Sql {
  const { key, cast, column = Prisma.empty }: Sorting = SORTING[sort]
  const down = descending !== how.backward
  const order = down ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const condition = userFilterCondition(visibilityOf, filter)
  const shown = whole ? Prisma.empty : Prisma.sql`FILTER (WHERE x."place" <= 3)`
  const from = how.from
    ? Prisma.sql`AND (${key}, u."id") ${down ? Prisma.sql`<` : Prisma.sql`>`} (${how.from.value}${cast}, ${how.from.id}::uuid)`
    : Prisma.empty
  return Prisma.sql`
    SELECT p."id", p."organizationId", p."username", p."displayName", p."role", p."status", p."dailyLimit", p."createdAt", p."lastSeenAt", p."secondFactor", w."workspaceCount", w."workspaces"${column} FROM (
      SELECT u."id", u."organizationId", u."username", u."displayName", u."role", u."status", u."dailyLimit", u."createdAt", u."lastSeenAt", u."secondFactor", ${key} AS "sortKey"
      FROM "user" u WHERE ${condition} ${from} ORDER BY ${key} ${order}, u."id" ${order} LIMIT ${how.size + 1}
    ) p CROSS JOIN LATERAL (
      SELECT count(*)::int AS "workspaceCount", (json_agg(json_build_object('id', x."id", 'name', x."name") ORDER BY x."nameKey") ${shown}) AS "workspaces"
      FROM (
        SELECT w."id", w."name", w."nameKey", row_number() OVER (ORDER BY w."nameKey") AS "place" FROM "member" m CROSS JOIN LATERAL (
          SELECT w."id", w."name", w."nameKey" FROM "workspace" w WHERE w."id" = m."workspaceId" AND ${workspaceScope(visibilityOf.workspace)} LIMIT 1
        ) w WHERE m."organizationId" = p."organizationId" AND m."userId" = p."id" AND (m."expiresAt" IS NULL OR m."expiresAt" > now())
      ) x
    ) w ORDER BY p."sortKey" ${order}, p."id" ${order}`
}

/** So many users are read at once to be handed on whole. */
const BATCH = 1_000

/**
 * All users who match, batch by batch in the list's order, each with all of their workspaces that are in sight. Before each batch after the first `still` says
 * how far the reader sees now; no connection is held between them.
 */
export async function* readUsers(
  pool: pg.Pool,
  { filter, sort, descending }: { filter: UserFilter; sort: UserSort; descending: boolean },
  still: () => Promise<Visibility>,
): AsyncGenerator<UserRow[], void> {
  for (let from: Cursor | undefined; ; ) {
    const how: Reading = { size: BATCH, backward: false, from }
    const statement = named(userListStatement(await still(), filter, sort, descending, how, { whole: true }), false)
    const { rows } = await pool.query<ListedUser>({ ...statement, types: INSTANTS_AS_TEXT })
    const batch = rows.slice(0, BATCH)
    yield batch.map(toUserRow)
    const last = batch.at(-1)
    if (rows.length <= BATCH || !last) return
    from = { value: SORTING[sort].of(last), id: last.id }
  }
}

/** How many users match, however many they are. */
export async function countAllUsers(tx: Pick<Prisma.TransactionClient, '$queryRaw'>, visibilityOf: Visibility, filter: UserFilter): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS "count" FROM "user" u WHERE ${userFilterCondition(visibilityOf, filter)}`
  return row?.count ?? 0
}

/** One page of the users an actor may see. @throws BAD_INPUT for a cursor of another order */
export async function listUsers(
  pool: pg.Pool,
  visibilityOf: Visibility,
  filter: UserFilter,
  sort: UserSort,
  descending: boolean,
  how: Reading,
): Promise<Paged<UserRow>> {
  if (how.from && !SORTING[sort].holds(how.from.value)) throw notACursor(how.backward ? 'before' : 'after')
  const statement = named(userListStatement(visibilityOf, filter, sort, descending, how), filter.search === undefined)
  const { rows } = await pool.query<ListedUser>({ ...statement, types: INSTANTS_AS_TEXT })
  return toPaged(rows, how, (row) => ({ value: SORTING[sort].of(row), id: row.id }), toUserRow)
}

function toUserRow(row: ListedUser): UserRow {
  return {
    id: row.id,
    organizationId: row.organizationId,
    username: row.username,
    displayName: row.displayName,
    role: row.role,
    status: row.status,
    dailyLimit: row.dailyLimit,
    createdAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    secondFactor: row.secondFactor,
    workspaceCount: row.workspaceCount,
    workspaces: row.workspaces ?? [],
  }
}

/** How many users match: exact to 10,000. */
export async function countUsers(pool: pg.Pool, visibilityOf: Visibility, filter: UserFilter): Promise<Count> {
  const statement = Prisma.sql`SELECT count(*)::int AS "count" FROM (SELECT 1 FROM "user" u WHERE ${userFilterCondition(visibilityOf, filter)} LIMIT ${COUNT_MAX + 1}) c`
  const { rows } = await pool.query<{ count: number }>(named(statement, filter.search === undefined))
  const count = rows[0]?.count ?? 0
  return { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX }
}

/**
 * A statement for the pool. Of few shapes, it is prepared by name and planned once a connection; a search is planned anew each time, because the best
 * plan depends on what is searched for.
 */
export function named(statement: Prisma.Sql, prepare: boolean): pg.QueryConfig {
  const { text, values } = statement
  return prepare ? { name: createHash('sha1').update(text).digest('base64url').slice(0, 20), text, values } : { text, values }
}

/** One row of the list, read back in the transaction that made it. */
export async function userRow(tx: Pick<Prisma.TransactionClient, '$queryRaw'>, actor: Actor, userId: string): Promise<UserRow> {
  const expected: Visibility = { user: { kind: 'self', organizationId: actor.organizationId, userId }, workspace: visibleScope(actor, 'workspace') }
  const statement = userListStatement(expected, {}, 'username', false, { size: 1, backward: false, from: undefined })
  const [row] = await tx.$queryRaw<(Omit<ListedUser, 'createdAt' | 'lastSeenAt'> & { createdAt: Date; lastSeenAt: Date | null })[]>(statement)
  if (!row) throw new Error('the user just written is gone')
  return toUserRow({ ...row, createdAt: row.createdAt.toISOString(), lastSeenAt: row.lastSeenAt?.toISOString() ?? null })
}
