import { defineQueryOptions } from '@pinia/colada'
import type { CandidateFilter } from '@roster/domain'
import { api } from '../lib/api.ts'

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
