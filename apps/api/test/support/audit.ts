import type { Database } from '@roster/db'
import type { AuditedValues } from '@roster/domain'

/** An audit event without its id and time, which differ in every run. */
export interface AuditedEvent {
  action: string
  outcome: 'allowed' | 'refused'
  actorId: string | null
  through: string
  targetKind: string | null
  targetName: string | null
  workspaceId: string | null
  organizationId: string | null
  batchId: string | null
  before: AuditedValues | null
  after: AuditedValues | null
}

/** The audit events of a target, oldest first. */
export async function readAudit(db: Database, targetId: string): Promise<AuditedEvent[]> {
  const { rows } = await db.pool.query<AuditedEvent>(
    `SELECT e."action", e."outcome", e."actorId", e."through", e."targetKind", t."targetName", e."workspaceId", e."organizationId", e."batchId", t."before", t."after"
     FROM "audit_event" e LEFT JOIN "audit_text" t ON t."eventId" = e."id" WHERE e."targetId" = $1 ORDER BY e."at", e."id"`,
    [targetId],
  )
  return rows
}
