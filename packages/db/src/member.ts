import type { CandidateFilter, MembershipExpiry } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import { userSearch } from './search.ts'
import type { Transaction } from './transaction.ts'

/** Whether a membership `m` counts: it ends by itself at its date. */
export const MEMBER_NOW = Prisma.sql`(m."expiresAt" IS NULL OR m."expiresAt" > now())`

/** Which workspace, of which organization. */
export interface WorkspaceOf {
  id: string
  organizationId: string
}

/** The people `u` of a workspace's organization who match a filter. */
export function candidateCondition(workspace: WorkspaceOf, filter: CandidateFilter): Prisma.Sql {
  const conditions = [Prisma.sql`u."organizationId" = ${workspace.organizationId}::uuid AND u."status" <> 'deleted'`]
  const search = userSearch(filter.search)
  if (search) conditions.push(search)
  if (filter.role?.length) conditions.push(Prisma.sql`u."role" = ANY(${filter.role}::"role"[])`)
  if (filter.member !== undefined) conditions.push(filter.member ? isMemberOf(workspace.id) : Prisma.sql`NOT ${isMemberOf(workspace.id)}`)
  return Prisma.join(conditions, ' AND ')
}

/** Whether person `u` is a member of a workspace now. */
export function isMemberOf(workspaceId: string): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = u."id" AND ${MEMBER_NOW})`
}

/** The ids of everybody in a workspace's organization who matches the filter; `limit` at most. */
export async function matchingCandidates(tx: Transaction, workspace: WorkspaceOf, filter: CandidateFilter, limit: number): Promise<string[]> {
  const condition = candidateCondition(workspace, filter)
  return idsOf(await tx.$queryRaw<Ids>`SELECT array_agg(x."id") AS "ids" FROM (SELECT u."id" FROM "user" u WHERE ${condition} LIMIT ${limit}) x`)
}

/**
 * Those among `userIds` who are people of the organization, held against being deleted until the transaction's end: whoever is deleted at the same
 * time is either not among them, or is deleted after what is done here, and the deletion sees it.
 */
export async function lockUsers(tx: Transaction, organizationId: string, userIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<Ids>`SELECT array_agg(x."id") AS "ids" FROM (
    SELECT u."id" FROM "user" u WHERE u."id" = ANY(${userIds}::uuid[]) AND u."organizationId" = ${organizationId}::uuid AND u."status" <> 'deleted' ORDER BY u."id" FOR SHARE
  ) x`
  return new Set(idsOf(rows))
}

/** A membership save: who comes in and who goes, of people that are held. Nobody is in both lists. */
export interface MemberDifference {
  organizationId: string
  workspaceId: string
  add: readonly string[]
  remove: readonly string[]
  addedById: string
}

/**
 * Apply a difference; gives who really came in and who really went, and when their memberships would have ended by themselves. Any number of saves go side by side without deadlock: everyone inserts first, by
 * id, and then locks existing rows, by id; so whoever waits holding rows is waited for by nobody who comes before in either order.
 */
export async function applyMembers(
  tx: Transaction,
  { organizationId, workspaceId, add, remove, addedById }: MemberDifference,
): Promise<{ added: string[]; removed: string[]; ends: MembershipExpiry[] }> {
  const inserted =
    add.length === 0
      ? []
      : idsOf(
          await tx.$queryRaw<Ids>`WITH i AS (
      INSERT INTO "member" ("organizationId", "workspaceId", "userId", "addedById")
      SELECT ${organizationId}::uuid, ${workspaceId}::uuid, r."id", ${addedById}::uuid FROM unnest(${add}::uuid[]) AS r("id") ORDER BY r."id"
      ON CONFLICT ("workspaceId", "userId") DO NOTHING RETURNING "userId"
    ) SELECT array_agg("userId") AS "ids" FROM i`,
        )
  const fresh = new Set(inserted)
  const already = add.filter((id) => !fresh.has(id))
  if (already.length + remove.length === 0) return { added: inserted, removed: [], ends: [] }
  const [held] = await tx.$queryRaw<{ current: string[] | null; past: string[] | null; ends: MembershipExpiry[] | null }[]>`
    SELECT array_agg(x."userId") FILTER (WHERE x."now") AS "current", array_agg(x."userId") FILTER (WHERE NOT x."now") AS "past",
      jsonb_agg(jsonb_build_object('userId', x."userId", 'expiresAt', x."expiresAt")) FILTER (WHERE x."now" AND x."expiresAt" IS NOT NULL) AS "ends" FROM (
      SELECT m."userId", m."expiresAt", ${MEMBER_NOW} AS "now" FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = ANY(${[...already, ...remove]}::uuid[])
      ORDER BY m."userId" FOR UPDATE
    ) x`
  const [current, past] = [new Set(held?.current), new Set(held?.past)]
  const removed = remove.filter((id) => current.has(id))
  const revived = already.filter((id) => past.has(id))
  if (removed.length > 0) await tx.$executeRaw`DELETE FROM "member" WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ANY(${removed}::uuid[])`
  if (revived.length > 0) {
    await tx.$executeRaw`UPDATE "member" SET "addedAt" = now(), "addedById" = ${addedById}::uuid, "expiresAt" = NULL
      WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ANY(${revived}::uuid[])`
  }
  const gone = new Set(removed)
  const ends = (held?.ends ?? [])
    .filter(({ userId }) => gone.has(userId))
    .map(({ userId, expiresAt }) => ({ userId, expiresAt: new Date(expiresAt).toISOString() }))
  return { added: [...inserted, ...revived], removed, ends }
}

/** How many members a workspace has now. */
export async function countMembersNow(tx: Transaction, workspaceId: string): Promise<number> {
  const [row] = await tx.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS "count" FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND ${MEMBER_NOW}`
  return row?.count ?? 0
}

/** Whether nobody but this manager is a manager in a workspace now. Whoever asks holds the answer until the transaction's end: others who ask wait. */
export async function isLastManager(tx: Transaction, workspaceId: string, managerId: string): Promise<boolean> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('last-manager'), hashtext(${workspaceId}))`
  const [row] = await tx.$queryRaw<{ other: boolean }[]>`SELECT EXISTS (
    SELECT 1 FROM "member" m JOIN "user" u ON u."id" = m."userId"
    WHERE m."workspaceId" = ${workspaceId}::uuid AND ${MEMBER_NOW} AND u."role" = 'manager' AND u."status" = 'active' AND u."id" <> ${managerId}::uuid) AS "other"`
  return !row?.other
}

// Thousands of ids as one value: a row for each costs the driver several times as much.
type Ids = { ids: string[] | null }[]

function idsOf(rows: Ids): string[] {
  return rows[0]?.ids ?? []
}
