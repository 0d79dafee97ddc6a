import { isLastManager, type Transaction } from '@roster/db'
import { type Actor, refuse, visibleScope } from '@roster/domain'

/**
 * Refuses to remove a workspace's last manager under scope `assigned`. No other manager could see the workspace any
 * more. The check locks, so concurrent removals from one workspace run one after another. @throws
 * LAST_MANAGER_OF_WORKSPACE
 */
export async function requireOtherManager(tx: Transaction, actor: Actor, workspaceId: string): Promise<void> {
  if (actor.role !== 'manager' || visibleScope(actor, 'workspace').kind !== 'assigned') return
  if (await isLastManager(tx, workspaceId, actor.id)) throw refuse('LAST_MANAGER_OF_WORKSPACE', {})
}
