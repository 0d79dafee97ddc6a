import { ref } from 'vue'
import { t } from '../../i18n/text.ts'
import { useChange } from '../../lib/useChange.ts'
import { useNotify } from '../../ui/feedback/useNotify.ts'
import { useUndoToast } from '../../ui/feedback/useUndoToast.ts'
import type { ChosenWorkspace } from '../create/useAddUser.ts'

/** Adds a user to workspaces and removes them, each with Undo. */
export function useUserMembership(userId: () => string) {
  const { done, failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: updateMembers } = useChange('member.update')
  /** The id of the workspace that is changing; null if none. */
  const changing = ref<string | null>(null)

  async function change({ id: workspaceId, name }: ChosenWorkspace, operation: 'add' | 'remove'): Promise<void> {
    if (changing.value !== null) return
    const [id, inverse] = [userId(), operation === 'add' ? 'remove' : 'add'] as const
    const title = t(operation === 'add' ? 'member.ofUser.added' : 'member.ofUser.removed', { name })
    changing.value = workspaceId
    try {
      const { added, removed, ends } = await updateMembers({ workspaceId, [operation]: [id] })
      if (added.length + removed.length === 0) return done(title)
      offerUndo({
        title,
        async undo() {
          const undone = await updateMembers({ workspaceId, [inverse]: [id], ...(ends.length > 0 ? { ends } : {}) })
          return undone.added.length + undone.removed.length > 0 ? undefined : t('member.ofUser.changedSince')
        },
      })
    } catch (error) {
      failed(error)
    } finally {
      changing.value = null
    }
  }
  return {
    changing,
    add: (workspace: ChosenWorkspace) => change(workspace, 'add'),
    remove: (workspace: ChosenWorkspace) => change(workspace, 'remove'),
  }
}
