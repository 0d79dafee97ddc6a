import { randomUUIDv7 } from 'node:crypto'
import type { AuditedValues, Capability, ChangingProcedure, RecordedAction, Through } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

/** Who did it, and through what. */
export interface AuditActor {
  actorId: string | null
  actorName: string | null
  through: Through
  throughId: string | null
  address: string | null
}

/** One thing that was done, as a change's body reports it. */
export interface AuditEntry {
  organizationId: string | null
  targetKind: 'user' | 'workspace' | 'session' | 'instance' | 'organization' | 'invitation' | 'request'
  targetId: string | null
  /** The id that outbox events carry where it isn't the target: a session's streams are found by its user. */
  notifies?: string
  targetName?: string | null
  workspaceId?: string | null
  before?: AuditedValues
  after?: AuditedValues
  batchId?: string | null
  /** Where members see the target in their workspace's list, and that is what changed: the workspaces they are in `now`, or those they were in. */
  listedIn?: 'now' | readonly string[]
}

/** What members see of each other: of these an outbox event names the workspaces. */
const LISTED: ReadonlySet<Capability> = new Set(['member', 'workspace'])
/** An outbox event names so many workspaces; of more, there are several. */
const NAMED_MAX = 500

/**
 * Write audit events, their personal text and the outbox events of what they invalidate: one statement, in the change's own transaction. Their time is this
 * statement's, not the transaction's beginning: what waited for a lock is told after what it waited for.
 */
export async function recordChange(
  tx: Transaction,
  actor: AuditActor,
  action: RecordedAction | ChangingProcedure,
  entries: readonly AuditEntry[],
  touches: readonly Capability[],
): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ listedIn: _, ...entry }) => ({ id: randomUUIDv7(), ...entry }))
  const events = new Map<string, object>()
  for (const entry of entries) {
    for (const capability of touches) {
      const event = {
        organizationId: entry.organizationId,
        capability,
        targetId: entry.notifies ?? entry.targetId,
        workspaceId: entry.workspaceId ?? null,
        ...(LISTED.has(capability) ? { now: entry.listedIn === 'now', were: entry.listedIn === 'now' ? [] : entry.listedIn } : {}),
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
      AS n("organizationId" uuid, "capability" text, "targetId" uuid, "workspaceId" uuid, "now" boolean, "were" uuid[])
    LEFT JOIN LATERAL (
      SELECT array_agg(w."id") AS "ids" FROM (
        SELECT w."id", row_number() OVER () / ${NAMED_MAX}::int AS "part" FROM (
          SELECT m."workspaceId" AS "id" FROM "member" m WHERE n."now" AND m."userId" = n."targetId" AND (m."expiresAt" IS NULL OR m."expiresAt" > now())
          UNION ALL SELECT unnest(n."were")
        ) w
      ) w GROUP BY w."part"
    ) l ON TRUE`
}

/** One audit event for each of many people put into or taken out of a workspace, so that each one's page can tell. */
export async function recordMembers(
  tx: Transaction,
  actor: AuditActor,
  action: 'member.added' | 'member.removed',
  at: { organizationId: string; workspaceId: string; batchId: string },
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length === 0) return
  const ids = userIds.map(() => randomUUIDv7())
  await tx.$executeRaw`
    INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "workspaceId", "outcome", "batchId")
    SELECT r."id", clock_timestamp(), ${at.organizationId}::uuid, ${actor.actorId}::uuid, ${actor.through}, ${actor.throughId}::uuid, ${action}, 'user', r."userId", ${at.workspaceId}::uuid, 'allowed', ${at.batchId}::uuid
    FROM unnest(${ids}::uuid[], ${userIds}::uuid[]) AS r("id", "userId")`
}

/** A call that was refused, to be counted: one row a minute per actor or address, action and code. */
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
  /** Who is meant by a call without a session, such as whose name was tried: it is their organization's. */
  meantId: string | null
  /** How many, of those that are alike. */
  count: number
}

/** Count a refusal. Runs in a transaction of its own, after the refused call's was rolled back. */
export async function countRefusal(tx: Transaction, refused: RefusedCall): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "refusal_count" AS c ("minute", "subject", "action", "code", "organizationId", "actorId", "throughId", "targetKind", "targetId", "actorName", "address", "count")
    VALUES (date_trunc('minute', now()), ${refused.subject}, ${refused.action}, ${refused.code},
      COALESCE((SELECT u."organizationId" FROM "user" u WHERE u."id" = ${refused.meantId}::uuid), ${refused.organizationId}::uuid), ${refused.actorId}::uuid, ${refused.throughId}::uuid,
      ${refused.targetKind}, ${refused.targetId}::uuid, ${refused.actorName}, ${refused.address}, ${refused.count}::int)
    ON CONFLICT ("minute", "subject", "action", "code") DO UPDATE SET "count" = c."count" + EXCLUDED."count"`
}

/** A minute is over for everybody only a little later: a refusal that was still waiting to be counted in it would have a row of its own else. */
const OVER = Prisma.sql`"minute" < date_trunc('minute', now() - interval '15 seconds')`

/** Move the counted refusals of past minutes to the audit events, in one transaction. Any number of nodes may do so at once. */
export async function settleRefusals(tx: Transaction): Promise<number> {
  const due = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS "n" FROM (SELECT 1 FROM "refusal_count" WHERE ${OVER} LIMIT 500) d`
  if (!due[0]?.n) return 0
  const ids = Array.from({ length: due[0].n }, () => randomUUIDv7())
  const rows = await tx.$queryRaw<{ n: number }[]>`
    WITH taken AS (
      DELETE FROM "refusal_count" c USING (
        SELECT "minute", "subject", "action", "code" FROM "refusal_count" WHERE ${OVER} ORDER BY 1, 2, 3, 4 LIMIT ${ids.length} FOR UPDATE SKIP LOCKED
      ) d WHERE (c."minute", c."subject", c."action", c."code") = (d."minute", d."subject", d."action", d."code") RETURNING c.*
    ), r AS (
      SELECT taken.*, (${ids}::uuid[])[row_number() OVER ()] AS "id" FROM taken
    ), e AS (
      INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "throughId", "action", "targetKind", "targetId", "outcome", "code", "count")
      SELECT "id", "minute", "organizationId", "actorId", CASE WHEN "action" = 'setup.run' THEN 'setup-code' WHEN "action" LIKE 'link.%' THEN 'link' WHEN "action" IN ('invitation.inspect', 'invitation.accept') THEN 'invitation' ELSE 'session' END, "throughId", "action", "targetKind", "targetId", 'refused', "code", "count" FROM r
    ), x AS (
      INSERT INTO "audit_text" ("eventId", "at", "actorName", "address") SELECT "id", "minute", "actorName", "address" FROM r
    )
    SELECT count(*)::int AS "n" FROM r`
  return rows[0]?.n ?? 0
}
