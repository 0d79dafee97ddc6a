import { countMembers, listCandidates, listMembers, toPageQuery } from '@roster/db'
import {
  type Candidates,
  type Count,
  type MemberRow,
  memberCandidates,
  memberCount,
  memberList,
  memberPreview,
  memberSetExpiry,
  memberUpdate,
  onWorkspace,
  type Paged,
  visibleScope,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { lockSelf } from '../call/lockActor.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { leave } from './leave.ts'
import { presentMember } from './presentMember.ts'
import { previewUpdate } from './previewUpdate.ts'
import { setExpiry } from './setExpiry.ts'
import { updateMembers } from './updateMembers.ts'

export const memberRouter = t.router({
  /**
   * Lists a workspace's members by username. Status, author and expiry are hidden from users who may not change
   * members.
   */
  list: read('member.list', memberList, async ({ services, actor, input, workspace }): Promise<Paged<MemberRow>> => {
    const { rows, ...page } = await listMembers(
      services.db.pool,
      visibleScope(actor, 'user'),
      workspace,
      input.filter,
      toPageQuery(input.page),
    )
    return { ...page, rows: rows.map(presentMember(actor, workspace)) }
  }),

  /** Counts a workspace's members that match a filter, exactly up to 10,000. */
  count: read(
    'member.count',
    memberCount,
    ({ services, input, workspace }): Promise<Count> => countMembers(services.db.pool, workspace, input.filter),
  ),

  /** Lists all users of the workspace's organization by username, and marks the members and the selected. */
  candidates: read(
    'member.candidates',
    memberCandidates,
    ({ services, input, workspace }): Promise<Candidates> =>
      listCandidates(services.db.pool, workspace, input, toPageQuery(input.page)),
  ),

  /** Counts what a save would change now. @throws UNKNOWN_IDS, BAD_INPUT for more than 10,000 users */
  previewUpdate: read('member.previewUpdate', memberPreview, previewUpdate),

  /**
   * Adds and removes exactly the given users, in one transaction, and returns who was added and removed.
   * @throws UNKNOWN_IDS, PREVIEW_OUTDATED, WORKSPACE_ARCHIVED, LAST_MANAGER_OF_WORKSPACE, BAD_INPUT
   */
  update: change('member.update', { input: memberUpdate, lock: 'share' }, updateMembers),

  /**
   * Sets or clears a membership's expiry, if it is still the expected one.
   * @throws NOT_FOUND (member), CONFLICT,
   * DATE_IN_PAST, OWN_MEMBERSHIP_EXPIRY
   */
  setExpiry: change('member.setExpiry', { input: memberSetExpiry, lock: 'share' }, setExpiry),

  /** Removes the principal from a workspace. @throws LAST_MANAGER_OF_WORKSPACE */
  leave: change('member.leave', { input: onWorkspace, lock: 'share', lockFirst: lockSelf }, leave),
})
