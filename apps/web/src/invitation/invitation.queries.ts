import { defineQueryOptions } from '@pinia/colada'
import type { InvitationCreate, invitationList, invitationResend, onInvitation } from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The input of an invitation list. */
export type InvitationListInput = z.input<typeof invitationList>

/** One page of the visible invitations, newest first, with the number of matches. */
export const invitationsQuery = defineQueryOptions((input: InvitationListInput) => ({
  key: ['invitation', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.invitation.list.query(input, { signal }),
}))

export const useCreateInvitation = () =>
  useChange('invitation.create', (input: InvitationCreate) => api.invitation.create.mutate(input))
export const useResendInvitation = () =>
  useChange('invitation.resend', (input: z.input<typeof invitationResend>) => api.invitation.resend.mutate(input))
export const useRevokeInvitation = () =>
  useChange('invitation.revoke', (input: z.input<typeof onInvitation>) => api.invitation.revoke.mutate(input))
