import { computed } from 'vue'
import { t } from '../i18n/text.ts'
import { useChange } from '../lib/useChange.ts'
import { useNotify } from '../ui/feedback/useNotify.ts'
import { useUndoToast } from '../ui/feedback/useUndoToast.ts'

interface Named {
  id: string
  name: string
}

/**
 * Archives and restores a workspace, each with the other as Undo. The server refuses an Undo after a later change.
 * There is no Undo when the workspace was already in the wanted state.
 */
export function useWorkspaceArchive() {
  const { failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: archiveWorkspace, isLoading: archiving } = useChange('workspace.archive')
  const { mutateAsync: restoreWorkspace, isLoading: restoring } = useChange('workspace.restore')

  async function archive({ id: workspaceId, name }: Named): Promise<void> {
    try {
      const { changed, archiveVersion: expectedVersion } = await archiveWorkspace({ workspaceId })
      if (changed)
        offerUndo({
          title: t('workspace.settings.archivedDone', { name }),
          undo: () => restoreWorkspace({ workspaceId, expectedVersion }),
        })
    } catch (error) {
      failed(error)
    }
  }
  async function restore({ id: workspaceId, name }: Named): Promise<void> {
    try {
      const { changed, archiveVersion: expectedVersion } = await restoreWorkspace({ workspaceId })
      if (changed)
        offerUndo({
          title: t('workspace.settings.restoredDone', { name }),
          undo: () => archiveWorkspace({ workspaceId, expectedVersion }),
        })
    } catch (error) {
      failed(error)
    }
  }
  return { archive, restore, busy: computed(() => archiving.value || restoring.value) }
}
