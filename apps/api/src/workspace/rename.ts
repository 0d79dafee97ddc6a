import { type LockedWorkspace, renameWorkspace, uniqueViolation } from '@roster/db'
import { refuse, type workspaceRename } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

/** Renames a locked workspace. The same name changes nothing. @throws NAME_TAKEN */
export async function rename({
  tx,
  input: { name },
  workspace,
  record,
}: ChangeContext<z.output<typeof workspaceRename>> & { workspace: LockedWorkspace }): Promise<{ changed: boolean }> {
  const { id, organizationId } = workspace
  if (name === workspace.name) return { changed: false }
  try {
    await renameWorkspace(tx, id, name)
  } catch (error) {
    throw uniqueViolation(error) === undefined ? error : refuse('NAME_TAKEN', { what: 'workspace', name })
  }
  record({
    organizationId,
    targetKind: 'workspace',
    targetId: id,
    targetName: name,
    workspaceId: id,
    before: { name: workspace.name },
    after: { name },
  })
  return { changed: true }
}
