import { ref } from 'vue'
import { t } from '../i18n/text.ts'
import { useUpdateMembers } from '../member/member.queries.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import type { ChosenWorkspace } from './useAddUser.ts'

/** Puts somebody into workspaces and takes them out, each with the other as its Undo. */
export function useUserMembership(userId: () => string) {
  const { done, failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: change } = useUpdateMembers()
  /** The workspace whose change is under way. */
  const changing = ref<string | null>(null)

  async function toggle({ id: workspaceId, name }: ChosenWorkspace, to: 'add' | 'remove'): Promise<void> {
    if (changing.value !== null) return
    const [id, back] = [userId(), to === 'add' ? 'remove' : 'add'] as const
    const title = t(to === 'add' ? 'member.ofUser.added' : 'member.ofUser.removed', { name })
    changing.value = workspaceId
    try {
      const { added, removed, ends } = await change({ workspaceId, [to]: [id] })
      if (added.length + removed.length === 0) return done(title)
      offerUndo({
        title,
        async undo() {
          const undone = await change({ workspaceId, [back]: [id], ...(ends.length > 0 ? { ends } : {}) })
          return undone.added.length + undone.removed.length > 0 ? undefined : t('member.ofUser.changedSince')
        },
      })
    } catch (error) {
      failed(error)
    } finally {
      changing.value = null
    }
  }
  return { changing, add: (workspace: ChosenWorkspace) => toggle(workspace, 'add'), remove: (workspace: ChosenWorkspace) => toggle(workspace, 'remove') }
}
