import { defineQueryOptions } from '@pinia/colada'
import type {
  CandidateFilter,
  MemberUpdate,
  memberCount,
  memberList,
  memberSetExpiry,
  onWorkspace,
} from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The input of a member list. */
export type MemberListInput = z.input<typeof memberList>

/** One page of a workspace's members, by username. */
export const memberListQuery = defineQueryOptions((input: MemberListInput) => ({
  key: ['member', 'list', input.workspaceId, JSON.stringify(input)],
  query: ({ signal }) => api.member.list.query(input, { signal }),
}))

/** The number of members that match. */
export const memberCountQuery = defineQueryOptions((input: z.input<typeof memberCount>) => ({
  key: ['member', 'count', input.workspaceId, JSON.stringify(input)],
  query: ({ signal }) => api.member.count.query(input, { signal }),
}))

/**
 * The number of matching users in the workspace's organization that are not members: what "select all matching" would
 * add.
 */
export const nonMemberCountQuery = defineQueryOptions(
  ({ workspaceId, filter }: { workspaceId: string; filter: CandidateFilter }) => ({
    key: ['member', 'candidates', workspaceId, 'count', JSON.stringify(filter)],
    query: async ({ signal }) => {
      const input = { workspaceId, filter: { ...filter, member: false }, page: { size: 25 as const } }
      return (await api.member.candidates.query(input, { signal })).matching
    },
  }),
)

export const useUpdateMembers = () =>
  useChange('member.update', (input: MemberUpdate) => api.member.update.mutate(input))
export const useSetExpiry = () =>
  useChange('member.setExpiry', (input: z.input<typeof memberSetExpiry>) => api.member.setExpiry.mutate(input))
export const useLeaveWorkspace = () =>
  useChange('member.leave', (input: z.input<typeof onWorkspace>) => api.member.leave.mutate(input))
