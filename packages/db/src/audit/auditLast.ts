import type { ChangingProcedure } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'

/** The actor and time of the instance's latest change by one of these actions; undefined when the log has none. */
export async function findLastInstanceChange(
  tx: Transaction,
  actions: readonly ChangingProcedure[],
): Promise<{ at: string; by: { id: string; username: string | null } | null } | undefined> {
  const [row] = await tx.$queryRaw<{ at: Date; id: string | null; username: string | null }[]>`
    SELECT e."at", e."actorId" AS "id", u."username" FROM "audit_event" e LEFT JOIN "user" u ON u."id" = e."actorId"
    WHERE e."organizationId" IS NULL AND e."outcome" = 'allowed' AND e."action" = ANY(${actions}::text[]) ORDER BY e."at" DESC LIMIT 1`
  return row && { at: row.at.toISOString(), by: row.id === null ? null : { id: row.id, username: row.username } }
}
