import { defineQueryOptions } from '@pinia/colada'
import type { onRequest, requestCreate, requestDecide, requestList } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The input of a request list. */
export type RequestListInput = z.input<typeof requestList>

/** One page of the requests that the user may decide, or of their own, newest first, with the number of matches. */
export const requestsQuery = defineQueryOptions((input: RequestListInput) => ({
  key: ['request', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.request.list.query(input, { signal }),
}))

/** The first users that match a search and are not members of the workspace. */
export const nonMembersQuery = defineQueryOptions(
  ({ workspaceId, search }: { workspaceId: string; search: string }) => ({
    key: ['member', 'candidates', workspaceId, 'nonMembers', search],
    query: ({ signal }) =>
      api.member.candidates.query(
        { workspaceId, filter: { member: false, ...(search === '' ? {} : { search }) }, page: { size: 25 } },
        { signal },
      ),
  }),
)

export const useCreateRequest = () =>
  useChange('request.create', (input: z.input<typeof requestCreate>) => api.request.create.mutate(input))
export const useWithdrawRequest = () =>
  useChange('request.withdraw', (input: z.input<typeof onRequest>) => api.request.withdraw.mutate(input))
export const useDecideRequest = () =>
  useChange('request.decide', (input: z.input<typeof requestDecide>) => api.request.decide.mutate(input))
