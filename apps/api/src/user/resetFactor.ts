import { type AuditEntry, deleteFactors, endSessions } from '@roster/db'
import type { Acting } from './operations.ts'

/** Take a locked user's second factor away and end their sessions; null when there was none. Its owner is told until they acknowledge it. */
export async function resetFactor({ tx, actor, target }: Acting): Promise<AuditEntry | null> {
  if (!(await deleteFactors(tx, target.id))) return null
  await tx.user.update({ where: { id: target.id }, data: { factorResetAt: new Date(), factorResetById: actor.id }, select: { id: true } })
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
