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

/**
 * Reads the events that became visible since the snapshot `since`, each once. Ids are assigned before commits, so
 * readers go by snapshots. An event is new if its transaction is at or after the snapshot's xmin and not visible in
 * that snapshot.
 */
export async function readOutbox(pool: pg.Pool, since: string): Promise<{ events: OutboxEvent[]; position: string }> {
  const { rows } = await pool.query<{ now: string; events: OutboxEvent[] | null }>({
    name: 'outbox-read',
    text: `SELECT pg_current_snapshot()::text AS "now",
      (SELECT json_agg(json_build_object('id', n."id"::text, 'organizationId', n."organizationId", 'capability', n."capability", 'targetId', n."targetId", 'workspaceId', n."workspaceId", 'workspaceIds', n."workspaceIds") ORDER BY n."id")
       FROM "outbox_event" n WHERE n."xid" >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(n."xid", $1::pg_snapshot)) AS "events"`,
    values: [since],
  })
  const row = rows[0]
  return row ? { events: row.events ?? [], position: row.now } : { events: [], position: since }
}

/** The position of a reader that starts now: a snapshot. */
export async function findOutboxPosition(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ now: string }>('SELECT pg_current_snapshot()::text AS "now"')
  if (!rows[0]) throw new Error('the database gave no snapshot')
  return rows[0].now
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
