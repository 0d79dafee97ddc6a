import { randomUUIDv7 } from 'node:crypto'
import { type AuditedValues, type Capability, invalidatedBy, type RecordedAction, type Through } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'

/** The actor of a change, and the credential they used. */
export interface AuditActor {
  actorId: string | null
  actorName: string | null
  through: Through
  throughId: string | null
  address: string | null
}

/** One completed action, as the body of a change reports it. */
export interface AuditEntry {
  organizationId: string | null
  targetKind: 'user' | 'workspace' | 'session' | 'instance' | 'organization' | 'invitation' | 'request'
  targetId: string | null
  /** The id in the outbox events, where it is not the target: connections of a session are found by its user. */
  notifies?: string
  targetName?: string | null
  workspaceId?: string | null
  before?: AuditedValues
  after?: AuditedValues
  batchId?: string | null
  /**
   * The workspaces with lists that show the target and are out of date: those the target is in `now`, or the given
   * ones.
   */
  listedIn?: 'now' | readonly string[]
  /** Another entry of the same transaction notifies already. */
  silent?: boolean
}

/** The users who were added to or removed from one workspace. */
export interface MemberEvents {
  organizationId: string
  workspaceId: string
  batchId: string
  userIds: readonly string[]
}

/** What members see of each other. Outbox events of these capabilities name the workspaces. */
const SHOWN_TO_MEMBERS: ReadonlySet<Capability> = new Set(['member', 'workspace'])
/** Workspaces in one outbox event. More of them make several events. */
const WORKSPACES_PER_EVENT = 500

/**
 * Writes audit events, their personal text and the outbox events of what they invalidate: one statement, in the
 * transaction of the change. The time is that of this statement, not of the transaction's start. So a change that
 * waited for a lock comes after the one it waited for.
 */
export async function recordChange(
  tx: Transaction,
  actor: AuditActor,
  action: RecordedAction,
  entries: readonly AuditEntry[],
): Promise<void> {
  const rows = entries.map(({ listedIn: _, silent: __, ...entry }) => ({ id: randomUUIDv7(), ...entry }))
  const events = new Map<string, object>()
  for (const entry of entries) {
    for (const capability of entry.silent ? [] : invalidatedBy(action)) {
      const event = {
        organizationId: entry.organizationId,
        capability,
        targetId: entry.notifies ?? entry.targetId,
        workspaceId: entry.workspaceId ?? null,
        ...(SHOWN_TO_MEMBERS.has(capability)
          ? { now: entry.listedIn === 'now', given: entry.listedIn === 'now' ? [] : entry.listedIn }
          : {}),
      }
      events.set(JSON.stringify(event), event)
    }
  }
  await tx.$executeRaw`
    WITH r AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("id" uuid, "organizationId" uuid, "targetKind" text, "targetId" uuid, "targetName" text,
        "workspaceId" uuid, "before" jsonb, "after" jsonb, "batchId" uuid)
    ), t AS MATERIALIZED (
      SELECT clock_timestamp() AS "at"
    ), e AS (
      INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "workspaceId", "outcome", "batchId")
      SELECT "id", t."at", "organizationId", ${actor.actorId}::uuid, ${actor.through}, ${actor.throughId}::uuid, ${action}, "targetKind", "targetId", "workspaceId", 'allowed', "batchId" FROM r, t
    ), x AS (
      INSERT INTO "audit_text" ("eventId", "at", "actorName", "targetName", "before", "after", "address")
      SELECT "id", t."at", ${actor.actorName}, "targetName", "before", "after", ${actor.address} FROM r, t
    )
    INSERT INTO "outbox_event" ("organizationId", "capability", "targetId", "workspaceId", "workspaceIds")
    SELECT n."organizationId", n."capability", n."targetId", n."workspaceId", COALESCE(l."ids", '{}')
    FROM jsonb_to_recordset(${JSON.stringify([...events.values()])}::jsonb)
      AS n("organizationId" uuid, "capability" text, "targetId" uuid, "workspaceId" uuid, "now" boolean, "given" uuid[])
    LEFT JOIN LATERAL (
      SELECT array_agg(w."id") AS "ids" FROM (
        SELECT w."id", row_number() OVER () / ${WORKSPACES_PER_EVENT}::int AS "part" FROM (
          SELECT m."workspaceId" AS "id" FROM "member" m WHERE n."now" AND m."userId" = n."targetId" AND ${CURRENT_MEMBER}
          UNION ALL SELECT unnest(n."given")
        ) w
      ) w GROUP BY w."part"
    ) l ON TRUE`
}

/** Writes one audit event for each user added to or removed from a workspace, for that user's page. */
export async function recordMemberEvents(
  tx: Transaction,
  actor: AuditActor,
  action: 'member.added' | 'member.removed',
  { userIds, ...at }: MemberEvents,
): Promise<void> {
  const ids = userIds.map(() => randomUUIDv7())
  await tx.$executeRaw`
    INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "workspaceId", "outcome", "batchId")
    SELECT r."id", clock_timestamp(), ${at.organizationId}::uuid, ${actor.actorId}::uuid, ${actor.through}, ${actor.throughId}::uuid, ${action}, 'user', r."userId", ${at.workspaceId}::uuid, 'allowed', ${at.batchId}::uuid
    FROM unnest(${ids}::uuid[], ${userIds}::uuid[]) AS r("id", "userId")`
}

/** A refused call to count: one row per minute, actor or address, action and code. */
export interface RefusedCall {
  subject: string
  action: string
  code: string
  organizationId: string | null
  actorId: string | null
  throughId: string | null
  targetKind: string | null
  targetId: string | null
  actorName: string | null
  address: string | null
  /**
   * The user that a call without a session is about, such as the owner of the username. The refusal belongs to their
   * organization.
   */
  targetUserId: string | null
  /** The number of identical refusals. */
  count: number
}

/** Counts a refusal, in a transaction of its own: that of the refused call was rolled back. */
export async function countRefusal(tx: Transaction, refused: RefusedCall): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "refusal_count" AS c ("minute", "subject", "action", "code", "organizationId", "actorId", "throughId", "targetKind", "targetId", "actorName", "address", "count")
    VALUES (date_trunc('minute', now()), ${refused.subject}, ${refused.action}, ${refused.code},
      COALESCE((SELECT u."organizationId" FROM "user" u WHERE u."id" = ${refused.targetUserId}::uuid), ${refused.organizationId}::uuid), ${refused.actorId}::uuid, ${refused.throughId}::uuid,
      ${refused.targetKind}, ${refused.targetId}::uuid, ${refused.actorName}, ${refused.address}, ${refused.count}::int)
    ON CONFLICT ("minute", "subject", "action", "code") DO UPDATE SET "count" = c."count" + EXCLUDED."count"`
}

/** Waits 15 seconds longer than the minute: a refusal that is counted late would otherwise get a second row. */
const PAST_MINUTE = Prisma.sql`"minute" < date_trunc('minute', now() - interval '15 seconds')`

/**
 * Moves the counted refusals of past minutes to the audit events; returns how many rows. Any number of nodes may run
 * this at once.
 */
export async function flushRefusals(tx: Transaction): Promise<number> {
  const due = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS "n" FROM (SELECT 1 FROM "refusal_count" WHERE ${PAST_MINUTE} LIMIT 500) d`
  if (!due[0]?.n) return 0
  const ids = Array.from({ length: due[0].n }, () => randomUUIDv7())
  const rows = await tx.$queryRaw<{ n: number }[]>`
    WITH deleted AS (
      DELETE FROM "refusal_count" c USING (
        SELECT "minute", "subject", "action", "code" FROM "refusal_count" WHERE ${PAST_MINUTE} ORDER BY 1, 2, 3, 4 LIMIT ${ids.length} FOR UPDATE SKIP LOCKED
      ) d WHERE (c."minute", c."subject", c."action", c."code") = (d."minute", d."subject", d."action", d."code") RETURNING c.*
    ), r AS (
      SELECT deleted.*, (${ids}::uuid[])[row_number() OVER ()] AS "id" FROM deleted
    ), e AS (
      INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "outcome", "code", "count")
      SELECT "id", "minute", "organizationId", "actorId", CASE WHEN "action" = 'setup.run' THEN 'setup-code' WHEN "action" LIKE 'link.%' THEN 'link' WHEN "action" IN ('invitation.inspect', 'invitation.accept') THEN 'invitation' ELSE 'session' END, "throughId", "action", "targetKind", "targetId", 'refused', "code", "count" FROM r
    ), x AS (
      INSERT INTO "audit_text" ("eventId", "at", "actorName", "address") SELECT "id", "minute", "actorName", "address" FROM r
    )
    SELECT count(*)::int AS "n" FROM r`
  return rows[0]?.n ?? 0
}
