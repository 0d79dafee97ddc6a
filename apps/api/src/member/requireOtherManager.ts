import { isLastManager, type Transaction } from '@roster/db'
import { type Actor, refuse, visibleScope } from '@roster/domain'

/**
 * A manager who reaches only assigned workspaces can't go as the last manager of one: nobody of the organization would reach it any more.
 * Goings of one workspace wait for each other. @throws LAST_MANAGER_OF_WORKSPACE
 */
export async function requireOtherManager(tx: Transaction, actor: Actor, workspaceId: string): Promise<void> {
  if (actor.role !== 'manager' || visibleScope(actor, 'workspace').kind !== 'assigned') return
  if (await isLastManager(tx, workspaceId, actor.id)) throw refuse('LAST_MANAGER_OF_WORKSPACE', {})
}
