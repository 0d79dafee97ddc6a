import { type LockedWorkspace, setArchived } from '@roster/db'
import type { Changing } from '../call/change.ts'

/** Archive a locked workspace, or restore it; nothing changes where it is so already. */
export async function archive({ tx, workspace, done }: Changing<unknown> & { workspace: LockedWorkspace }, archived: boolean): Promise<{ changed: boolean }> {
  const { id, organizationId, name, archivedAt } = workspace
  if ((archivedAt !== null) === archived) return { changed: false }
  const now = await setArchived(tx, id, archived)
  const before = { archivedAt: archivedAt?.toISOString() ?? null }
  done({ organizationId, targetKind: 'workspace', targetId: id, targetName: name, workspaceId: id, before, after: { archivedAt: now?.toISOString() ?? null } })
  return { changed: true }
}
