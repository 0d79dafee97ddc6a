import { type AuditEntry, deleteFactors, endSessions } from '@roster/db'
import type { LockedTarget } from '../bulk/operations.ts'

/**
 * Removes a locked user's second factors and ends their sessions; null when there was none. The user sees it until they
 * acknowledge it.
 */
export async function resetFactor({ tx, actor, target }: LockedTarget): Promise<AuditEntry | null> {
  if (!(await deleteFactors(tx, target.id))) return null
  await tx.user.update({
    where: { id: target.id },
    data: { factorResetAt: new Date(), factorResetById: actor.id },
    select: { id: true },
  })
  await endSessions(tx, [target.id], 'factor-reset', { endedById: actor.id })
  return {
    organizationId: target.organizationId,
    targetKind: 'user',
    targetId: target.id,
    targetName: target.username,
    before: { secondFactor: true },
    after: { secondFactor: false },
  }
}
