import {
  countCurrentMembers,
  countWorkspaces,
  deleteWorkspace,
  listWorkspaces,
  toPageQuery,
  workspaceDetail,
} from '@roster/db'
import {
  type Count,
  onWorkspace,
  type Paged,
  refuse,
  visibleScope,
  type WorkspaceDetail,
  type WorkspaceRow,
  workspaceArchive,
  workspaceCreate,
  workspaceDelete,
  workspaceList,
  workspaceRename,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { archive } from './archive.ts'
import { createWorkspace } from './create.ts'
import { rename } from './rename.ts'

export const workspaceRouter = t.router({
  /** Lists the workspaces within the principal's visibility by name, with the total count. */
  list: read(
    'workspace.list',
    workspaceList,
    async ({ services, actor, input }): Promise<Paged<WorkspaceRow> & { total: Count }> => {
      const { page, ...filter } = input
      const scope = visibleScope(actor, 'workspace')
      const { pool } = services.db
      const [rows, total] = await Promise.all([
        listWorkspaces(pool, actor.id, scope, filter, toPageQuery(page)),
        countWorkspaces(pool, scope, filter),
      ])
      return { ...rows, total }
    },
  ),

  /** Returns one workspace. @throws NOT_FOUND */
  get: read('workspace.get', onWorkspace, async ({ services, actor, workspace }): Promise<WorkspaceDetail> => {
    const detail = await workspaceDetail(services.db.pool, actor.id, workspace.id)
    if (!detail) throw refuse('NOT_FOUND', { what: 'workspace' })
    return detail
  }),

  /** Creates a workspace and returns it. @throws NOT_FOUND (organization), NAME_TAKEN */
  create: change('workspace.create', { input: workspaceCreate }, createWorkspace),

  /** Renames a workspace. The current name changes nothing. @throws NOT_FOUND, NAME_TAKEN */
  rename: change('workspace.rename', { input: workspaceRename, lock: 'update' }, rename),

  /**
   * Archives a workspace; one that is archived already keeps its date. Returns the archive version, for an undo.
   * @throws NOT_FOUND, CONFLICT
   */
  archive: change('workspace.archive', { input: workspaceArchive, lock: 'update' }, (changing) =>
    archive(changing, true),
  ),

  /** Restores an archived workspace. Returns the archive version, for an undo. @throws NOT_FOUND, CONFLICT */
  restore: change('workspace.restore', { input: workspaceArchive, lock: 'update' }, (changing) =>
    archive(changing, false),
  ),

  /**
   * Deletes a workspace with its memberships. The confirmation is its name.
   * @throws NOT_FOUND, CONFIRMATION_MISMATCH
   */
  delete: change(
    'workspace.delete',
    { input: workspaceDelete, lock: 'update' },
    async ({ tx, input, workspace, record }) => {
      const { id, organizationId, name } = workspace
      if (input.confirmation !== name) throw refuse('CONFIRMATION_MISMATCH', { expected: name })
      const memberCount = await countCurrentMembers(tx, id)
      await deleteWorkspace(tx, id)
      record({
        organizationId,
        targetKind: 'workspace',
        targetId: id,
        targetName: name,
        workspaceId: id,
        before: { name, memberCount },
      })
      return { changed: true }
    },
  ),
})
