import type {
  AuditAction,
  AuditedValues,
  Direction,
  Paged,
  RecordedRefusal,
  Scope,
  Through,
  Visibility,
} from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { invalidCursor, type PageQuery, toPaged } from '../sql/page.ts'
import { userScope, workspaceScope } from '../sql/scope.ts'
import { isInstant, toQuery } from '../user/userList.ts'

/** Which activity to read, and for which reader. */
export interface ActivityOf {
  userId: string
  direction: Direction
  visibility: Visibility
  /** The only actions to return, for a reader who may not read the whole log. */
  only: readonly AuditAction[] | undefined
}

/** An audit event with what its reader may know about its actor and target. */
export interface ActivityEvent {
  id: string
  at: Date
  action: AuditAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  count: number
  through: Through
  address: string | null
  actorId: string | null
  /** Whether the reader may see the actor. */
  actorVisible: boolean
  actorName: string | null
  targetKind: string | null
  targetId: string | null
  targetVisible: boolean
  targetName: string | null
  workspaceId: string | null
  workspaceName: string | null
  before: AuditedValues | null
  after: AuditedValues | null
}

/** A change of members records one event per member. The actor's own log shows the change itself instead. */
const TARGET_ONLY_ACTIONS: readonly AuditAction[] = ['member.added', 'member.removed']

/**
 * The part of the log a reader may see: all of it, or their organization's, without the instance's events and without
 * workspaces outside their scope.
 */
function visibleEvents({ user, workspace }: Visibility): Prisma.Sql {
  if (user.kind === 'instance') return Prisma.sql`TRUE`
  const own = Prisma.sql`e."organizationId" = ${user.organizationId}::uuid AND e."targetKind" IS DISTINCT FROM 'instance'`
  if (workspace.kind !== 'assigned') return own
  const inScope = Prisma.sql`SELECT w."id" FROM "workspace" w WHERE ${workspaceScope(workspace)}`
  return Prisma.sql`${own} AND (e."workspaceId" IS NULL OR e."workspaceId" IN (${inScope}))
    AND (e."targetKind" IS DISTINCT FROM 'workspace' OR e."targetId" IN (${inScope}))`
}

/** One page of a user's actions, or of the actions of others on that user; latest first. */
export async function listActivity(
  pool: pg.Pool,
  { userId, direction, visibility, only }: ActivityOf,
  page: PageQuery,
): Promise<Paged<ActivityEvent>> {
  const byDirection =
    direction === 'did'
      ? Prisma.sql`e."actorId" = ${userId}::uuid AND e."action" <> ALL(${TARGET_ONLY_ACTIONS}::text[])`
      : Prisma.sql`e."targetId" = ${userId}::uuid AND e."actorId" IS DISTINCT FROM ${userId}::uuid`
  const byAction = only ? Prisma.sql`AND e."action" = ANY(${only}::text[])` : Prisma.empty
  const order = page.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const cursorCondition = page.from
    ? Prisma.sql`AND (e."at", e."id") ${page.backward ? Prisma.sql`>` : Prisma.sql`<`} (${cursorInstant(page)}::timestamptz, ${page.from.id}::uuid)`
    : Prisma.empty
  const statement = Prisma.sql`
    SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", e."through", x."address", e."actorId", a."id" IS NOT NULL AS "actorVisible",
      COALESCE(a."displayName", a."username", x."actorName") AS "actorName", e."targetKind", e."targetId", u."id" IS NOT NULL AS "targetVisible",
      COALESCE(u."displayName", u."username", w."name", o."name", x."targetName") AS "targetName", e."workspaceId", p."name" AS "workspaceName", x."before", x."after"
    FROM (SELECT * FROM "audit_event" e WHERE ${byDirection} AND ${visibleEvents(visibility)} ${byAction} ${cursorCondition} ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${page.size + 1}) e
    LEFT JOIN "audit_text" x ON x."eventId" = e."id"
    LEFT JOIN "user" a ON a."id" = e."actorId" AND ${userScope(visibility.user, Prisma.sql`a`)}
    LEFT JOIN "user" u ON e."targetKind" = 'user' AND u."id" = e."targetId" AND ${userScope(visibility.user)}
    LEFT JOIN "workspace" w ON e."targetKind" = 'workspace' AND w."id" = e."targetId" AND ${workspaceScope(visibility.workspace)}
    LEFT JOIN "organization" o ON e."targetKind" = 'organization' AND o."id" = e."targetId" AND ${organizationCondition(visibility.user)}
    LEFT JOIN LATERAL (SELECT w."name" FROM "workspace" w WHERE w."id" = e."workspaceId" AND ${workspaceScope(visibility.workspace)}) p ON TRUE
    ORDER BY e."at" ${order}, e."id" ${order}`
  const { rows } = await pool.query<ActivityEvent>(toQuery(statement, true))
  return toPaged(
    rows,
    page,
    (row) => ({ value: row.at.toISOString(), id: row.id }),
    (row) => row,
  )
}

function organizationCondition(scope: Scope): Prisma.Sql {
  return scope.kind === 'instance' ? Prisma.sql`TRUE` : Prisma.sql`o."id" = ${scope.organizationId}::uuid`
}

function cursorInstant({ from, backward }: PageQuery): string {
  const value = from?.value ?? ''
  if (!isInstant(value)) throw invalidCursor(backward ? 'before' : 'after')
  return value
}

/** The names of the given organizations and workspaces that a reader may see, by id. */
export async function findTargetNames(
  pool: pg.Pool,
  visibility: Visibility,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await pool.query<{ id: string; name: string }>(
    toQuery(
      Prisma.sql`SELECT w."id", w."name" FROM "workspace" w WHERE w."id" = ANY(${ids}::uuid[]) AND ${workspaceScope(visibility.workspace)}
        UNION ALL SELECT o."id", o."name" FROM "organization" o WHERE o."id" = ANY(${ids}::uuid[]) AND ${organizationCondition(visibility.user)}`,
      true,
    ),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
