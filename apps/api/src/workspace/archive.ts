import { type LockedWorkspace, setArchived } from '@roster/db'
import { requireExpected, type workspaceArchive } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

type ArchiveChange = ChangeContext<z.output<typeof workspaceArchive>> & { workspace: LockedWorkspace }

/**
 * Archives or restores a locked workspace, if the archive version is the expected one. The same state changes nothing.
 * @throws CONFLICT
 */
export async function archive(
  { tx, input, workspace, record }: ArchiveChange,
  archived: boolean,
): Promise<{ changed: boolean; archiveVersion: number }> {
  const { id, organizationId, name, archivedAt, archiveVersion } = workspace
  requireExpected('archivedAt', input.expectedVersion, archiveVersion, archivedAt?.toISOString() ?? null)
  if ((archivedAt !== null) === archived) return { changed: false, archiveVersion }
  const now = await setArchived(tx, id, archived)
  const before = { archivedAt: archivedAt?.toISOString() ?? null }
  record({
    organizationId,
    targetKind: 'workspace',
    targetId: id,
    targetName: name,
    workspaceId: id,
    before,
    after: { archivedAt: now?.toISOString() ?? null },
  })
  return { changed: true, archiveVersion: archiveVersion + 1 }
}
