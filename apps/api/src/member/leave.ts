import { applyMemberChanges, type LockedWorkspace } from '@roster/db'
import type { ChangeContext } from '../call/change.ts'
import { requireOtherManager } from './requireOtherManager.ts'

/**
 * Removes the actor from a workspace. `left` is false only when a concurrent call removed them first.
 * @throws
 * LAST_MANAGER_OF_WORKSPACE
 */
export async function leave({
  tx,
  actor,
  user,
  workspace,
  record,
}: ChangeContext<unknown> & { workspace: LockedWorkspace }): Promise<{ left: boolean }> {
  const { id: workspaceId, organizationId } = workspace
  await requireOtherManager(tx, actor, workspaceId)
  const { removed } = await applyMemberChanges(tx, {
    organizationId,
    workspaceId,
    add: [],
    remove: [actor.id],
    addedById: actor.id,
  })
  if (removed.length === 0) return { left: false }
  record({
    organizationId,
    targetKind: 'user',
    targetId: actor.id,
    targetName: user.username,
    workspaceId,
    before: { name: workspace.name },
  })
  return { left: true }
}
