import { t } from '../i18n/text.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { useArchiveWorkspace, useRestoreWorkspace } from './workspace.queries.ts'

interface Named {
  id: string
  name: string
}

/**
 * Archives and restores, each with the other as its Undo, which is refused when that was done since. Nothing is offered to undo when somebody else had
 * done it already.
 */
export function useWorkspaceArchive() {
  const { failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: archiveCall, isLoading: archiving } = useArchiveWorkspace()
  const { mutateAsync: restoreCall, isLoading: restoring } = useRestoreWorkspace()

  async function archive({ id: workspaceId, name }: Named): Promise<void> {
    try {
      const { changed, archiveVersion: expectedVersion } = await archiveCall({ workspaceId })
      if (changed) offerUndo({ title: t('workspace.settings.archivedDone', { name }), undo: () => restoreCall({ workspaceId, expectedVersion }) })
    } catch (error) {
      failed(error)
    }
  }
  async function restore({ id: workspaceId, name }: Named): Promise<void> {
    try {
      const { changed, archiveVersion: expectedVersion } = await restoreCall({ workspaceId })
      if (changed) offerUndo({ title: t('workspace.settings.restoredDone', { name }), undo: () => archiveCall({ workspaceId, expectedVersion }) })
    } catch (error) {
      failed(error)
    }
  }
  return { archive, restore, archiving, restoring }
}
