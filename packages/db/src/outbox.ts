import type { Capability } from '@roster/domain'
import type pg from 'pg'

/** The channel on which nodes wake each other. */
export const OUTBOX_CHANNEL = 'roster_outbox'

/** A notice as read: what changed, by ids. */
export interface OutboxEvent {
  id: string
  organizationId: string | null
  capability: Capability
  targetId: string | null
  workspaceId: string | null
  /** The workspaces in whose lists the target stands, or stood, where that is what changed. */
  workspaceIds: string[]
}

/**
 * Read the notices that became visible since the snapshot `since`, each once. Ids are handed out before commits, so a reader goes by snapshots: what
 * was invisible then belongs to a transaction at or after its xmin, and is new if that snapshot doesn't see its transaction.
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

/** Where a reader that starts now begins: the snapshot of what it doesn't have to be told. */
export async function outboxStart(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ now: string }>('SELECT pg_current_snapshot()::text AS "now"')
  if (!rows[0]) throw new Error('the database gave no snapshot')
  return rows[0].now
}

/** In how many milliseconds a membership ends by itself; infinite where it doesn't. */
const EXPIRES_IN = `COALESCE(EXTRACT(epoch FROM "expiresAt" - now()) * 1000, 'Infinity')::float8 AS "expiresIn"`

/** Which of these users are members of a workspace now, and in how many milliseconds that ends by itself. */
export async function filterMembers(pool: pg.Pool, workspaceId: string, userIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ userId: string; expiresIn: number }>({
    name: 'connection-members',
    text: `SELECT "userId", ${EXPIRES_IN} FROM "member" WHERE "workspaceId" = $1 AND "userId" = ANY($2::uuid[]) AND ("expiresAt" IS NULL OR "expiresAt" > now())`,
    values: [workspaceId, userIds],
  })
  return new Map(rows.map((row) => [row.userId, row.expiresIn]))
}

/** The workspaces a user is a member of now, and in how many milliseconds that ends by itself. */
export async function findConnectionWorkspaces(pool: pg.Pool, userId: string): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ workspaceId: string; expiresIn: number }>({
    name: 'connection-workspaces',
    text: `SELECT "workspaceId", ${EXPIRES_IN} FROM "member" WHERE "userId" = $1 AND ("expiresAt" IS NULL OR "expiresAt" > now())`,
    values: [userId],
  })
  return new Map(rows.map((row) => [row.workspaceId, row.expiresIn]))
}

/** Drop notices every node has long read. */
export async function purgeOutbox(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM "outbox_event" WHERE "at" < now() - interval '1 hour'`)
}
