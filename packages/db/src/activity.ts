import type { AuditAction, AuditedValues, Direction, Paged, RecordedRefusal, Scope, Through, Visibility } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from './generated/client.ts'
import { notACursor, type Reading, toPaged } from './page.ts'
import { userScope, workspaceScope } from './scope.ts'
import { isInstant, named } from './userList.ts'

/** Whose activity is read, and by whom. */
export interface ActivityOf {
  userId: string
  direction: Direction
  visibilityOf: Visibility
  /** Nothing else than these is told: to whom the log itself isn't open. */
  only: readonly AuditAction[] | undefined
}

/** An audit event with what its reader may know of whom and what it is about. */
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
  /** The actor lies within the reader's sight. */
  actorSeen: boolean
  actorName: string | null
  targetKind: string | null
  targetId: string | null
  targetSeen: boolean
  targetName: string | null
  workspaceId: string | null
  workspaceName: string | null
  before: AuditedValues | null
  after: AuditedValues | null
}

/** Of each of many members a change is told in their own log; in its author's, the change itself is. */
const TOLD_OTHERWISE: readonly AuditAction[] = ['member.added', 'member.removed']

/** What a reader may know of the log: everything, or their organization's, without what is the instance's and what happened in workspaces they don't reach. */
function within({ user, workspace }: Visibility): Prisma.Sql {
  if (user.kind === 'instance') return Prisma.sql`TRUE`
  const own = Prisma.sql`e."organizationId" = ${user.organizationId}::uuid AND e."targetKind" IS DISTINCT FROM 'instance'`
  if (workspace.kind !== 'assigned') return own
  const reached = Prisma.sql`SELECT w."id" FROM "workspace" w WHERE ${workspaceScope(workspace)}`
  return Prisma.sql`${own} AND (e."workspaceId" IS NULL OR e."workspaceId" IN (${reached}))
    AND (e."targetKind" IS DISTINCT FROM 'workspace' OR e."targetId" IN (${reached}))`
}

/** One page of what somebody did, or of what others did to them, the latest first. */
export async function listActivity(pool: pg.Pool, { userId, direction, visibilityOf, only }: ActivityOf, how: Reading): Promise<Paged<ActivityEvent>> {
  const whose =
    direction === 'did'
      ? Prisma.sql`e."actorId" = ${userId}::uuid AND e."action" <> ALL(${TOLD_OTHERWISE}::text[])`
      : Prisma.sql`e."targetId" = ${userId}::uuid AND e."actorId" IS DISTINCT FROM ${userId}::uuid`
  const which = only ? Prisma.sql`AND e."action" = ANY(${only}::text[])` : Prisma.empty
  const order = how.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const beyond = how.from
    ? Prisma.sql`AND (e."at", e."id") ${how.backward ? Prisma.sql`>` : Prisma.sql`<`} (${instant(how)}::timestamptz, ${how.from.id}::uuid)`
    : Prisma.empty
  const statement = Prisma.sql`
    SELECT e."id", e."at", e."action", e."outcome", e."code", e."count", e."through", x."address", e."actorId", a."id" IS NOT NULL AS "actorSeen",
      COALESCE(a."displayName", a."username", x."actorName") AS "actorName", e."targetKind", e."targetId", u."id" IS NOT NULL AS "targetSeen",
      COALESCE(u."displayName", u."username", w."name", o."name", x."targetName") AS "targetName", e."workspaceId", p."name" AS "workspaceName", x."before", x."after"
    FROM (SELECT * FROM "audit_event" e WHERE ${whose} AND ${within(visibilityOf)} ${which} ${beyond} ORDER BY e."at" ${order}, e."id" ${order} LIMIT ${how.size + 1}) e
    LEFT JOIN "audit_text" x ON x."eventId" = e."id"
    LEFT JOIN "user" a ON a."id" = e."actorId" AND ${userScope(visibilityOf.user, Prisma.sql`a`)}
    LEFT JOIN "user" u ON e."targetKind" = 'user' AND u."id" = e."targetId" AND ${userScope(visibilityOf.user)}
    LEFT JOIN "workspace" w ON e."targetKind" = 'workspace' AND w."id" = e."targetId" AND ${workspaceScope(visibilityOf.workspace)}
    LEFT JOIN "organization" o ON e."targetKind" = 'organization' AND o."id" = e."targetId" AND ${organizationSeen(visibilityOf.user)}
    LEFT JOIN LATERAL (SELECT w."name" FROM "workspace" w WHERE w."id" = e."workspaceId" AND ${workspaceScope(visibilityOf.workspace)}) p ON TRUE
    ORDER BY e."at" ${order}, e."id" ${order}`
  const { rows } = await pool.query<ActivityEvent>(named(statement, true))
  return toPaged(
    rows,
    how,
    (row) => ({ value: row.at.toISOString(), id: row.id }),
    (row) => row,
  )
}

function organizationSeen(scope: Scope): Prisma.Sql {
  return scope.kind === 'instance' ? Prisma.sql`TRUE` : Prisma.sql`o."id" = ${scope.organizationId}::uuid`
}

function instant({ from, backward }: Reading): string {
  const value = from?.value ?? ''
  if (!isInstant(value)) throw notACursor(backward ? 'before' : 'after')
  return value
}

/** The names of those of these organizations and workspaces that lie within somebody's sight. */
export async function findTargetNames(pool: pg.Pool, visibilityOf: Visibility, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await pool.query<{ id: string; name: string }>(
    named(
      Prisma.sql`SELECT w."id", w."name" FROM "workspace" w WHERE w."id" = ANY(${ids}::uuid[]) AND ${workspaceScope(visibilityOf.workspace)}
        UNION ALL SELECT o."id", o."name" FROM "organization" o WHERE o."id" = ANY(${ids}::uuid[]) AND ${organizationSeen(visibilityOf.user)}`,
      true,
    ),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
