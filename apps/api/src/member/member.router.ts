import { countMembers, listCandidates, listMembers, reading } from '@roster/db'
import {
  type Candidates,
  type Count,
  type MemberRow,
  memberCandidates,
  memberCount,
  memberList,
  memberSetExpiry,
  memberUpdate,
  onWorkspace,
  type Paged,
  visibleScope,
} from '@roster/domain'
import { changeWorkspace } from '../call/changeWorkspace.ts'
import { lockSelf } from '../call/lockActor.ts'
import { readWorkspace } from '../call/read.ts'
import { t } from '../trpc.ts'
import { leave } from './leave.ts'
import { presentMember } from './presentMember.ts'
import { setExpiry } from './setExpiry.ts'
import { updateMembers } from './updateMembers.ts'

export const memberRouter = t.router({
  /** A workspace's members by username; its own members learn less of each other than who may change them. */
  list: readWorkspace('member.list', memberList, async ({ services, actor, input, workspace }): Promise<Paged<MemberRow>> => {
    const { rows, ...page } = await listMembers(services.db.pool, visibleScope(actor, 'user'), workspace, input.filter, reading(input.page))
    return { ...page, rows: rows.map(presentMember(actor, workspace)) }
  }),

  /** How many members match. */
  count: readWorkspace(
    'member.count',
    memberCount,
    ({ services, input, workspace }): Promise<Count> => countMembers(services.db.pool, workspace, input.filter),
  ),

  /** Everybody of the workspace's organization, members or not, by username. */
  candidates: readWorkspace(
    'member.candidates',
    memberCandidates,
    ({ services, input, workspace }): Promise<Candidates> => listCandidates(services.db.pool, workspace, input.filter, input.ids, reading(input.page)),
  ),

  /** Save exactly a difference. @throws UNKNOWN_IDS, PREVIEW_OUTDATED, WORKSPACE_ARCHIVED, BAD_INPUT */
  update: changeWorkspace('member.update', { input: memberUpdate, lock: 'share' }, updateMembers),

  /** When one membership ends by itself, over the end that was seen. @throws NOT_FOUND (member), CONFLICT, DATE_IN_PAST, OWN_MEMBERSHIP_EXPIRY */
  setExpiry: changeWorkspace('member.setExpiry', { input: memberSetExpiry, lock: 'share' }, setExpiry),

  /** End one's own membership. */
  leave: changeWorkspace('member.leave', { input: onWorkspace, lock: 'share', lockFirst: lockSelf }, leave),
})
