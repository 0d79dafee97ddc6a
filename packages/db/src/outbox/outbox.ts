import type { Capability } from '@roster/domain'
import type pg from 'pg'
import { CURRENT_MEMBER } from '../sql/conditions.ts'

/** The channel on which nodes notify each other. */
export const OUTBOX_CHANNEL = 'roster_outbox'

/** An outbox event: what changed, by ids. */
export interface OutboxEvent {
  id: string
  organizationId: string | null
  capability: Capability
  targetId: string | null
  workspaceId: string | null
  /** The workspaces with lists that show, or showed, the target. */
  workspaceIds: string[]
}

/** Where a reader of the outbox is. */
export interface OutboxPosition {
  /** The reader has every event that this snapshot sees. */
  snapshot: string
  /**
   * The database and its start. Transaction ids are comparable within one start only: another server, a failover or a
   * restored backup may use them again.
   */
  source: string
}

const SOURCE = `concat((SELECT "oid" FROM pg_database WHERE "datname" = current_database()), '-', EXTRACT(epoch FROM pg_postmaster_start_time()))`
/** An event as JSON, or the name of a new job. */
const EVENT = `json_build_object('id', n."id"::text, 'organizationId', n."organizationId", 'capability', n."capability", 'targetId', n."targetId", 'workspaceId', n."workspaceId", 'workspaceIds', n."workspaceIds", 'job', n."job")`

/** What became visible in the outbox: changes, and the names of new jobs. */
export interface OutboxBatch {
  events: OutboxEvent[]
  jobs: string[]
  position: OutboxPosition
}

/**
 * Reads the events that became visible since the snapshot `since`, each once. Ids are assigned before commits, so
 * readers go by snapshots. An event is new if its transaction is at or after the snapshot's xmin and not visible in
 * that snapshot.
 */
export async function readOutbox(pool: pg.Pool, since: string): Promise<OutboxBatch> {
  const { rows } = await pool.query<OutboxPosition & { events: (OutboxEvent & { job: string | null })[] | null }>({
    name: 'outbox-read',
    text: `SELECT pg_current_snapshot()::text AS "snapshot", ${SOURCE} AS "source",
      (SELECT json_agg(${EVENT} ORDER BY n."id")
       FROM "outbox_event" n WHERE n."xid" >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(n."xid", $1::pg_snapshot)) AS "events"`,
    values: [since],
  })
  if (!rows[0]) throw new Error('the database gave no snapshot')
  const { events: read, ...position } = rows[0]
  const events: OutboxEvent[] = []
  const jobs = new Set<string>()
  for (const { job, ...event } of read ?? []) {
    if (job === null) events.push(event)
    else jobs.add(job)
  }
  return { events, jobs: [...jobs], position }
}

/** The position of a reader that starts now. */
export async function findOutboxPosition(pool: pg.Pool): Promise<OutboxPosition> {
  const { rows } = await pool.query<OutboxPosition>(
    `SELECT pg_current_snapshot()::text AS "snapshot", ${SOURCE} AS "source"`,
  )
  if (!rows[0]) throw new Error('the database gave no snapshot')
  return rows[0]
}

/** The oldest transaction that a reader at this position may lack: every older one is in its snapshot, or rolled back. */
export function oldestUnread({ snapshot }: OutboxPosition): string {
  return snapshot.split(':', 1)[0] ?? ''
}

/**
 * The committed events of a transaction and of all later ones; null if there are more than `limit`. Some of them may be
 * known to a reader that lacked only the first.
 */
export async function findEventsFrom(pool: pg.Pool, transaction: string, limit: number): Promise<OutboxEvent[] | null> {
  const { rows } = await pool.query<{ event: OutboxEvent }>({
    name: 'outbox-from',
    text: `SELECT ${EVENT} AS "event" FROM "outbox_event" n WHERE n."xid" >= $1::text::xid8 AND n."job" IS NULL ORDER BY n."id" LIMIT $2`,
    values: [transaction, limit + 1],
  })
  return rows.length > limit ? null : rows.map(({ event }) => event)
}

/** The milliseconds until a membership expires; infinite without an expiry. */
const EXPIRES_IN = `COALESCE(EXTRACT(epoch FROM "expiresAt" - now()) * 1000, 'Infinity')::float8 AS "expiresIn"`

/** The given users who are current members of a workspace, with the milliseconds until each membership expires. */
export async function findMemberTimeouts(
  pool: pg.Pool,
  workspaceId: string,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ userId: string; expiresIn: number }>({
    name: 'connection-members',
    text: `SELECT "userId", ${EXPIRES_IN} FROM "member" m WHERE "workspaceId" = $1 AND "userId" = ANY($2::uuid[]) AND ${CURRENT_MEMBER.sql}`,
    values: [workspaceId, userIds],
  })
  return new Map(rows.map((row) => [row.userId, row.expiresIn]))
}

/** The workspaces of a user, with the milliseconds until each membership expires. */
export async function findWorkspaceTimeouts(pool: pg.Pool, userId: string): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ workspaceId: string; expiresIn: number }>({
    name: 'connection-workspaces',
    text: `SELECT "workspaceId", ${EXPIRES_IN} FROM "member" m WHERE "userId" = $1 AND ${CURRENT_MEMBER.sql}`,
    values: [userId],
  })
  return new Map(rows.map((row) => [row.workspaceId, row.expiresIn]))
}

/** Deletes events that every node has read: those older than an hour. */
export async function purgeOutbox(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM "outbox_event" WHERE "at" < now() - interval '1 hour'`)
}
