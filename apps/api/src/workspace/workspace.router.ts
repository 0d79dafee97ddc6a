import { countCurrentMembers, countWorkspaces, deleteWorkspace, listWorkspaces, toPageQuery, workspaceDetail } from '@roster/db'
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
import { changeWorkspace } from '../call/changeWorkspace.ts'
import { read, readWorkspace } from '../call/read.ts'
import { t } from '../trpc.ts'
import { archive } from './archive.ts'
import { createWorkspace } from './create.ts'
import { rename } from './rename.ts'

export const workspaceRouter = t.router({
  /** The workspaces within the caller's scope (a default user: their own), by name, with how many match in all. */
  list: read('workspace.list', workspaceList, async ({ services, actor, input }): Promise<Paged<WorkspaceRow> & { total: Count }> => {
    const { page, ...filter } = input
    const scope = visibleScope(actor, 'workspace')
    const { pool } = services.db
    const [rows, total] = await Promise.all([listWorkspaces(pool, actor.id, scope, filter, toPageQuery(page)), countWorkspaces(pool, scope, filter)])
    return { ...rows, total }
  }),

  /** One workspace. */
  get: readWorkspace('workspace.get', onWorkspace, async ({ services, actor, workspace }): Promise<WorkspaceDetail> => {
    const detail = await workspaceDetail(services.db.pool, actor.id, workspace.id)
    if (!detail) throw refuse('NOT_FOUND', { what: 'workspace' })
    return detail
  }),

  /** Create a workspace. @throws NAME_TAKEN; NOT_FOUND for an organization outside the caller's scope */
  create: change('workspace.create', { input: workspaceCreate }, createWorkspace),

  /** Renaming to the name it has changes nothing. @throws NAME_TAKEN */
  rename: changeWorkspace('workspace.rename', { input: workspaceRename, lock: 'update' }, rename),

  /** Archiving waits for the membership saves under way; what is archived already stays so since when it was. @throws CONFLICT */
  archive: changeWorkspace('workspace.archive', { input: workspaceArchive, lock: 'update' }, (changing) => archive(changing, true)),

  /** Bring an archived one back. @throws CONFLICT */
  restore: changeWorkspace('workspace.restore', { input: workspaceArchive, lock: 'update' }, (changing) => archive(changing, false)),

  /** Delete for good, with all memberships. @throws CONFIRMATION_MISMATCH unless its name was typed */
  delete: changeWorkspace('workspace.delete', { input: workspaceDelete, lock: 'update' }, async ({ tx, input, workspace, done }) => {
    const { id, organizationId, name } = workspace
    if (input.confirmation !== name) throw refuse('CONFIRMATION_MISMATCH', { expected: name })
    const memberCount = await countCurrentMembers(tx, id)
    await deleteWorkspace(tx, id)
    done({ organizationId, targetKind: 'workspace', targetId: id, targetName: name, workspaceId: id, before: { name, memberCount } })
    return { changed: true }
  }),
})
