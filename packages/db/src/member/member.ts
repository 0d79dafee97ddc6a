import type { CandidateFilter, MembershipExpiry, SelectedUsers } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER, EXISTING_USER } from '../sql/conditions.ts'
import { userSearch } from '../sql/search.ts'
import { isInSelection } from '../sql/selection.ts'

/** A workspace and its organization. */
export interface WorkspaceKey {
  id: string
  organizationId: string
}

/** The condition on users `u` of a workspace's organization who match a filter. */
export function candidateCondition(workspace: WorkspaceKey, filter: CandidateFilter): Prisma.Sql {
  const conditions = [Prisma.sql`u."organizationId" = ${workspace.organizationId}::uuid AND ${EXISTING_USER}`]
  const search = userSearch(filter.search)
  if (search) conditions.push(search)
  if (filter.role?.length) conditions.push(Prisma.sql`u."role" = ANY(${filter.role}::"role"[])`)
  if (filter.member !== undefined)
    conditions.push(filter.member ? isMemberOf(workspace.id) : Prisma.sql`NOT ${isMemberOf(workspace.id)}`)
  return Prisma.join(conditions, ' AND ')
}

/** Whether user `u` is a current member of a workspace. */
export function isMemberOf(workspaceId: string): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = u."id" AND ${CURRENT_MEMBER})`
}

/** The users of a workspace's organization that a change of its members names or matches. */
export interface ChangedUsers {
  /** Those who are members; of the users named by id only. */
  members: string[]
  nonMembers: string[]
}

/** Finds the users that a change names or would add. `limit` at most besides the named ones; ordered by id. */
export async function findChangedUsers(
  tx: Pick<Transaction, '$queryRaw'>,
  workspace: WorkspaceKey,
  add: SelectedUsers<CandidateFilter>,
  remove: readonly string[],
  limit: number,
): Promise<ChangedUsers> {
  const named = [...add.ids, ...remove]
  const isMember = isMemberOf(workspace.id)
  const isChanged = isInSelection(
    { ...add, ids: named },
    (filter) => Prisma.sql`${candidateCondition(workspace, filter)} AND NOT ${isMember}`,
  )
  const [row] = await tx.$queryRaw<{ members: string[] | null; nonMembers: string[] | null }[]>`
    SELECT array_agg(x."id" ORDER BY x."id") FILTER (WHERE x."member") AS "members", array_agg(x."id" ORDER BY x."id") FILTER (WHERE NOT x."member") AS "nonMembers" FROM (
      SELECT u."id", ${isMember} AS "member" FROM "user" u WHERE ${candidateCondition(workspace, {})} AND ${isChanged} LIMIT ${named.length + limit}
    ) x`
  return { members: row?.members ?? [], nonMembers: row?.nonMembers ?? [] }
}

/**
 * Locks the given users who belong to the organization, and returns their ids. They can't be deleted until the
 * transaction ends: a concurrent deletion either leaves the user out here, or comes later and removes the new
 * membership.
 */
export async function lockUsers(
  tx: Transaction,
  organizationId: string,
  userIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<Ids>`SELECT array_agg(x."id") AS "ids" FROM (
    SELECT u."id" FROM "user" u WHERE u."id" = ANY(${userIds}::uuid[]) AND u."organizationId" = ${organizationId}::uuid AND ${EXISTING_USER} ORDER BY u."id" FOR SHARE
  ) x`
  return new Set(idsOf(rows))
}

/** A change of a workspace's members. The users are locked, and no id is in both lists. */
export interface MemberChanges {
  organizationId: string
  workspaceId: string
  add: readonly string[]
  remove: readonly string[]
  addedById: string
}

/**
 * Adds and removes members. Returns the ids that were really added and removed, and when removed memberships would have
 * expired. Parallel calls can't deadlock: each inserts in the order of ids first, and then locks existing rows in the
 * order of ids.
 */
export async function applyMemberChanges(
  tx: Transaction,
  { organizationId, workspaceId, add, remove, addedById }: MemberChanges,
): Promise<{ added: string[]; removed: string[]; expiries: MembershipExpiry[] }> {
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
  const isInserted = new Set(inserted)
  const existing = add.filter((id) => !isInserted.has(id))
  if (existing.length + remove.length === 0) return { added: inserted, removed: [], expiries: [] }
  const [locked] = await tx.$queryRaw<
    { current: string[] | null; expired: string[] | null; expiries: MembershipExpiry[] | null }[]
  >`
    SELECT array_agg(x."userId") FILTER (WHERE x."isCurrent") AS "current", array_agg(x."userId") FILTER (WHERE NOT x."isCurrent") AS "expired",
      jsonb_agg(jsonb_build_object('userId', x."userId", 'expiresAt', x."expiresAt")) FILTER (WHERE x."isCurrent" AND x."expiresAt" IS NOT NULL) AS "expiries" FROM (
      SELECT m."userId", m."expiresAt", ${CURRENT_MEMBER} AS "isCurrent" FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND m."userId" = ANY(${[...existing, ...remove]}::uuid[])
      ORDER BY m."userId" FOR UPDATE
    ) x`
  const [current, expired] = [new Set(locked?.current), new Set(locked?.expired)]
  const removed = remove.filter((id) => current.has(id))
  const renewed = existing.filter((id) => expired.has(id))
  if (removed.length > 0)
    await tx.$executeRaw`DELETE FROM "member" WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ANY(${removed}::uuid[])`
  if (renewed.length > 0) {
    await tx.$executeRaw`UPDATE "member" SET "addedAt" = now(), "addedById" = ${addedById}::uuid, "expiresAt" = NULL
      WHERE "workspaceId" = ${workspaceId}::uuid AND "userId" = ANY(${renewed}::uuid[])`
  }
  const isRemoved = new Set(removed)
  const expiries = (locked?.expiries ?? [])
    .filter(({ userId }) => isRemoved.has(userId))
    .map(({ userId, expiresAt }) => ({ userId, expiresAt: new Date(expiresAt).toISOString() }))
  return { added: [...inserted, ...renewed], removed, expiries }
}

/** The number of current members of a workspace. */
export async function countCurrentMembers(tx: Transaction, workspaceId: string): Promise<number> {
  const [row] = await tx.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS "count" FROM "member" m WHERE m."workspaceId" = ${workspaceId}::uuid AND ${CURRENT_MEMBER}`
  return row?.count ?? 0
}

/**
 * Whether this manager is the only active manager in a workspace. Locks the answer until the transaction ends: parallel
 * calls wait.
 */
export async function isLastManager(tx: Transaction, workspaceId: string, managerId: string): Promise<boolean> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('last-manager'), hashtext(${workspaceId}))`
  const [row] = await tx.$queryRaw<{ other: boolean }[]>`SELECT EXISTS (
    SELECT 1 FROM "member" m JOIN "user" u ON u."id" = m."userId"
    WHERE m."workspaceId" = ${workspaceId}::uuid AND ${CURRENT_MEMBER} AND u."role" = 'manager' AND u."status" = 'active' AND u."id" <> ${managerId}::uuid) AS "other"`
  return !row?.other
}

// Thousands of ids come as one value: one row per id costs the driver several times as much.
type Ids = { ids: string[] | null }[]

function idsOf(rows: Ids): string[] {
  return rows[0]?.ids ?? []
}
