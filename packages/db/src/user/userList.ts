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
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER, EXISTING_USER } from '../sql/conditions.ts'
import { INSTANTS_AS_TEXT } from '../sql/instant.ts'
import { type Cursor, invalidCursor, type PageQuery, toPaged } from '../sql/page.ts'
import { userScope, workspaceScope } from '../sql/scope.ts'
import { userSearch } from '../sql/search.ts'

/**
 * A filter as a condition on visible users `u`. An invisible workspace has no members. Deleted users are in no list.
 */
export function userFilterCondition(visibility: Visibility, filter: UserFilter): Prisma.Sql {
  const conditions = [Prisma.sql`${EXISTING_USER}`, userScope(visibility.user)]
  const search = userSearch(filter.search)
  if (search) conditions.push(search)
  if (filter.role?.length) conditions.push(Prisma.sql`u."role" = ANY(${filter.role}::"role"[])`)
  if (filter.status?.length) conditions.push(Prisma.sql`u."status" = ANY(${filter.status}::"user_status"[])`)
  if (filter.organizationId) conditions.push(Prisma.sql`u."organizationId" = ${filter.organizationId}::uuid`)
  if (filter.neverSignedIn) conditions.push(Prisma.sql`u."lastSeenAt" IS NULL`)
  if (filter.noSecondFactor) conditions.push(Prisma.sql`NOT u."secondFactor"`)
  if (filter.workspaceId) {
    conditions.push(
      Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${filter.workspaceId}::uuid AND m."userId" = u."id" AND ${CURRENT_MEMBER})`,
      Prisma.sql`EXISTS (SELECT 1 FROM "workspace" w WHERE w."id" = ${filter.workspaceId}::uuid AND ${workspaceScope(visibility.workspace)})`,
    )
  }
  return Prisma.join(conditions, ' AND ')
}

interface Sorting {
  key: Prisma.Sql
  cast: Prisma.Sql
  /** A column that only the cursor needs. */
  column?: Prisma.Sql
  cursorValue: (row: ListedUser) => string
  /** Whether a cursor's value fits this order. */
  isCursorValue: (value: string) => boolean
}

const NEVER = '-infinity'

function isAnyText(): boolean {
  return true
}

/** Whether a text is an instant as `toISOString` writes it, in a year that PostgreSQL supports. */
export function isInstant(value: string): boolean {
  return /^(?!0000)\d{4}-/u.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value
}

const SORTING = {
  username: {
    key: Prisma.sql`u."username"`,
    cast: Prisma.sql`::text`,
    cursorValue: (row) => row.username,
    isCursorValue: isAnyText,
  },
  displayName: {
    key: Prisma.sql`u."displayNameKey"`,
    cast: Prisma.sql`::text`,
    column: Prisma.sql`, p."sortKey" AS "displayNameKey"`,
    cursorValue: (row) => row.displayNameKey ?? '',
    isCursorValue: isAnyText,
  },
  created: {
    key: Prisma.sql`u."createdAt"`,
    cast: Prisma.sql`::timestamptz`,
    cursorValue: (row) => row.createdAt,
    isCursorValue: isInstant,
  },
  lastSeen: {
    key: Prisma.sql`COALESCE(u."lastSeenAt", '-infinity'::timestamptz)`,
    cast: Prisma.sql`::timestamptz`,
    cursorValue: (row) => row.lastSeenAt ?? NEVER,
    isCursorValue: (value) => value === NEVER || isInstant(value),
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
 * The statement of one page of users with their visible workspaces: keyset pagination on the index of the sort. The
 * LIMIT 1 makes PostgreSQL look up workspaces one by one. Otherwise it reads all of them for each row of the page.
 */
export function userListStatement(
  visibility: Visibility,
  filter: UserFilter,
  sort: UserSort,
  descending: boolean,
  page: PageQuery,
  { allWorkspaces = false } = {},
): Prisma.Sql {
  const { key, cast, column = Prisma.empty }: Sorting = SORTING[sort]
  const isDescending = descending !== page.backward
  const order = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`
  const condition = userFilterCondition(visibility, filter)
  const shownWorkspaces = allWorkspaces ? Prisma.empty : Prisma.sql`FILTER (WHERE x."position" <= 3)`
  const from = page.from
    ? Prisma.sql`AND (${key}, u."id") ${isDescending ? Prisma.sql`<` : Prisma.sql`>`} (${page.from.value}${cast}, ${page.from.id}::uuid)`
    : Prisma.empty
  return Prisma.sql`
    SELECT p."id", p."organizationId", p."username", p."displayName", p."role", p."status", p."dailyLimit", p."createdAt", p."lastSeenAt", p."secondFactor", w."workspaceCount", w."workspaces"${column} FROM (
      SELECT u."id", u."organizationId", u."username", u."displayName", u."role", u."status", u."dailyLimit", u."createdAt", u."lastSeenAt", u."secondFactor", ${key} AS "sortKey"
      FROM "user" u WHERE ${condition} ${from} ORDER BY ${key} ${order}, u."id" ${order} LIMIT ${page.size + 1}
    ) p CROSS JOIN LATERAL (
      SELECT count(*)::int AS "workspaceCount", (json_agg(json_build_object('id', x."id", 'name', x."name") ORDER BY x."nameKey") ${shownWorkspaces}) AS "workspaces"
      FROM (
        SELECT w."id", w."name", w."nameKey", row_number() OVER (ORDER BY w."nameKey") AS "position" FROM "member" m CROSS JOIN LATERAL (
          SELECT w."id", w."name", w."nameKey" FROM "workspace" w WHERE w."id" = m."workspaceId" AND ${workspaceScope(visibility.workspace)} LIMIT 1
        ) w WHERE m."organizationId" = p."organizationId" AND m."userId" = p."id" AND ${CURRENT_MEMBER}
      ) x
    ) w ORDER BY p."sortKey" ${order}, p."id" ${order}`
}

/** Users per batch of a stream. */
const BATCH_SIZE = 1_000

/**
 * Streams all matching users in batches, in the order of the list, each with all of their visible workspaces.
 * `currentVisibility` is called before each batch, so that a reader who loses rights gets no further. No connection is
 * kept between batches.
 */
export async function* streamUsers(
  pool: pg.Pool,
  { filter, sort, descending }: { filter: UserFilter; sort: UserSort; descending: boolean },
  currentVisibility: () => Promise<Visibility>,
): AsyncGenerator<UserRow[], void> {
  for (let from: Cursor | undefined; ; ) {
    const page: PageQuery = { size: BATCH_SIZE, backward: false, from }
    const statement = toQuery(
      userListStatement(await currentVisibility(), filter, sort, descending, page, { allWorkspaces: true }),
      false,
    )
    const { rows } = await pool.query<ListedUser>({ ...statement, types: INSTANTS_AS_TEXT })
    const batch = rows.slice(0, BATCH_SIZE)
    yield batch.map(toUserRow)
    const last = batch.at(-1)
    if (rows.length <= BATCH_SIZE || !last) return
    from = { value: SORTING[sort].cursorValue(last), id: last.id }
  }
}

/** The exact number of matching users. */
export async function countAllUsers(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  visibility: Visibility,
  filter: UserFilter,
): Promise<number> {
  const [row] = await tx.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS "count" FROM "user" u WHERE ${userFilterCondition(visibility, filter)}`
  return row?.count ?? 0
}

/** One page of visible users. @throws BAD_INPUT for a cursor of another order */
export async function listUsers(
  pool: pg.Pool,
  visibility: Visibility,
  filter: UserFilter,
  sort: UserSort,
  descending: boolean,
  page: PageQuery,
): Promise<Paged<UserRow>> {
  if (page.from && !SORTING[sort].isCursorValue(page.from.value))
    throw invalidCursor(page.backward ? 'before' : 'after')
  const statement = toQuery(userListStatement(visibility, filter, sort, descending, page), filter.search === undefined)
  const { rows } = await pool.query<ListedUser>({ ...statement, types: INSTANTS_AS_TEXT })
  return toPaged(rows, page, (row) => ({ value: SORTING[sort].cursorValue(row), id: row.id }), toUserRow)
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

/** The number of matching users: exact up to 10,000. */
export async function countUsers(pool: pg.Pool, visibility: Visibility, filter: UserFilter): Promise<Count> {
  const statement = Prisma.sql`SELECT count(*)::int AS "count" FROM (SELECT 1 FROM "user" u WHERE ${userFilterCondition(visibility, filter)} LIMIT ${COUNT_MAX + 1}) c`
  const { rows } = await pool.query<{ count: number }>(toQuery(statement, filter.search === undefined))
  const count = rows[0]?.count ?? 0
  return { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX }
}

/**
 * A statement as a query of the pool. `prepare`: it gets a name, so that PostgreSQL plans it once per connection. Don't
 * prepare a search, since its best plan depends on the text.
 */
export function toQuery(statement: Prisma.Sql, prepare: boolean): pg.QueryConfig {
  const { text, values } = statement
  return prepare
    ? { name: createHash('sha1').update(text).digest('base64url').slice(0, 20), text, values }
    : { text, values }
}

/** The list's row of a user, read in the transaction that created them. */
export async function findUserRow(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  actor: Actor,
  userId: string,
): Promise<UserRow> {
  const visibility: Visibility = {
    user: { kind: 'self', organizationId: actor.organizationId, userId },
    workspace: visibleScope(actor, 'workspace'),
  }
  const statement = userListStatement(visibility, {}, 'username', false, { size: 1, backward: false, from: undefined })
  const [row] =
    await tx.$queryRaw<(Omit<ListedUser, 'createdAt' | 'lastSeenAt'> & { createdAt: Date; lastSeenAt: Date | null })[]>(
      statement,
    )
  if (!row) throw new Error('The user that was just created is missing.')
  return toUserRow({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  })
}
