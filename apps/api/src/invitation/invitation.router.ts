import { countInvitations, listInvitations, reading } from '@roster/db'
import {
  type Count,
  type InvitationRow,
  invitationAccept,
  invitationCreate,
  invitationInspect,
  invitationList,
  invitationResend,
  onInvitation,
  type Paged,
  visibilityOf,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { open } from '../call/public.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { acceptInvitation } from './accept.ts'
import { createInvitation } from './create.ts'
import { inspectInvitation } from './inspect.ts'
import { resendInvitation } from './resend.ts'
import { revokeInvitation } from './revoke.ts'

export const invitationRouter = t.router({
  /** The invitations into the organizations one sees, newest first, with how many match in all. */
  list: read('invitation.list', invitationList, async ({ services, actor, input }): Promise<Paged<InvitationRow> & { total: Count }> => {
    const { page, ...filter } = input
    const { pool } = services.db
    const [rows, total] = await Promise.all([
      listInvitations(pool, visibilityOf(actor), filter, reading(page)),
      countInvitations(pool, visibilityOf(actor), filter),
    ])
    return { ...rows, total }
  }),

  /** @throws NOT_FOUND (organization), CANNOT_GRANT, UNKNOWN_IDS, WORKSPACE_ARCHIVED */
  create: change('invitation.create', { input: invitationCreate }, createInvitation),

  /** A new link for the same invitation. @throws CANNOT_GRANT, INVITATION_INACTIVE, INVITATION_OUT_OF_SCOPE */
  resend: change('invitation.resend', { input: invitationResend }, resendInvitation),

  /** @throws CANNOT_GRANT, INVITATION_INACTIVE */
  revoke: change('invitation.revoke', { input: onInvitation }, revokeInvitation),

  /** Into what this invites; uses nothing up. */
  inspect: open('invitation.inspect')
    .input(invitationInspect)
    .mutation(({ ctx, input }) => inspectInvitation(ctx, input.token)),

  /** Make one's own account by an invitation, and sign in. @throws INVALID_LINK, NAME_TAKEN */
  accept: open('invitation.accept')
    .input(invitationAccept)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
})
