import { countInvitations, listInvitations, toPageQuery } from '@roster/db'
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
import { publicProcedure } from '../call/public.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { acceptInvitation } from './accept.ts'
import { createInvitation } from './create.ts'
import { inspectInvitation } from './inspect.ts'
import { resendInvitation } from './resend.ts'
import { revokeInvitation } from './revoke.ts'

export const invitationRouter = t.router({
  /** Lists the invitations within the principal's visibility, newest first, with the total count. */
  list: read(
    'invitation.list',
    invitationList,
    async ({ services, actor, input }): Promise<Paged<InvitationRow> & { total: Count }> => {
      const { page, ...filter } = input
      const { pool } = services.db
      const [rows, total] = await Promise.all([
        listInvitations(pool, visibilityOf(actor), filter, toPageQuery(page)),
        countInvitations(pool, visibilityOf(actor), filter),
      ])
      return { ...rows, total }
    },
  ),

  /**
   * Creates an invitation and returns its link, which is never shown again.
   * @throws NOT_FOUND (organization),
   * CANNOT_GRANT, UNKNOWN_IDS, WORKSPACE_ARCHIVED
   */
  create: change('invitation.create', { input: invitationCreate }, createInvitation),

  /**
   * Renews an invitation and returns its new link; the old link stops working.
   * @throws NOT_FOUND, CANNOT_GRANT, INVITATION_INACTIVE, INVITATION_OUT_OF_SCOPE
   */
  resend: change('invitation.resend', { input: invitationResend }, resendInvitation),

  /** Revokes an invitation, also an expired one. @throws NOT_FOUND, CANNOT_GRANT, INVITATION_INACTIVE */
  revoke: change('invitation.revoke', { input: onInvitation }, revokeInvitation),

  /** Returns what an invitation grants, without consuming a use. @throws INVALID_LINK, TOO_MANY_ATTEMPTS */
  inspect: publicProcedure('invitation.inspect')
    .input(invitationInspect)
    .mutation(({ ctx, input }) => inspectInvitation(ctx, input.token)),

  /**
   * Creates an account from an invitation, signs it in and returns the session.
   * @throws INVALID_LINK, TOO_MANY_ATTEMPTS, NETWORK_NOT_ALLOWED, NAME_TAKEN, PASSWORD_TOO_SHORT, PASSWORD_COMMON,
   * PASSWORD_IS_USERNAME, BUSY
   */
  accept: publicProcedure('invitation.accept')
    .input(invitationAccept)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
})
