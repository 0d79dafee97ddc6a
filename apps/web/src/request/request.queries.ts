import { defineQueryOptions } from '@pinia/colada'
import type { onRequest, requestCreate, requestDecide, requestList } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** What a list of requests is asked for. */
export type RequestListInput = z.input<typeof requestList>

/** One page of the requests that one decides, or of one's own, newest first, with how many match. */
export const requestsQuery = defineQueryOptions((input: RequestListInput) => ({
  key: ['request', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.request.list.query(input, { signal }),
}))

/** The people who aren't in a workspace yet, by what is typed. */
export const outsidersQuery = defineQueryOptions(({ workspaceId, search }: { workspaceId: string; search: string }) => ({
  key: ['member', 'candidates', workspaceId, 'outsiders', search],
  query: ({ signal }) =>
    api.member.candidates.query({ workspaceId, filter: { member: false, ...(search === '' ? {} : { search }) }, page: { size: 25 } }, { signal }),
}))

export const useCreateRequest = () => useChange('request.create', (input: z.input<typeof requestCreate>) => api.request.create.mutate(input))
export const useWithdrawRequest = () => useChange('request.withdraw', (input: z.input<typeof onRequest>) => api.request.withdraw.mutate(input))
export const useDecideRequest = () => useChange('request.decide', (input: z.input<typeof requestDecide>) => api.request.decide.mutate(input))
