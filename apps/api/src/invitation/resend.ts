import { lockInvitedWorkspaces, renewInvitation } from '@roster/db'
import { decideInvitation, type InvitationCreated, type invitationResend, refuse, requireAllowed } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'
import { lockEditableInvitation } from './lockEditable.ts'
import { newInvitationToken } from './token.ts'

/**
 * Renews an invitation's link and expiry; the old link stops working. The actor becomes the inviter, so they must be
 * able to grant all of it.
 * @throws NOT_FOUND, CANNOT_GRANT, INVITATION_INACTIVE, INVITATION_OUT_OF_SCOPE
 */
export async function resendInvitation({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof invitationResend>>): Promise<InvitationCreated> {
  const {
    id,
    organizationId,
    role,
    ended,
    expiresAt: before,
  } = await lockEditableInvitation(tx, actor, input.invitationId)
  requireAllowed(
    decideInvitation(actor, {
      organizationId,
      role,
      workspaces: await lockInvitedWorkspaces(tx, id, actor.id),
    }),
  )
  if (ended === 'revoked') throw refuse('INVITATION_INACTIVE', { state: 'revoked' })
  const { tokenHash, path, expiresAt } = newInvitationToken(input.days)
  await renewInvitation(tx, id, { tokenHash, expiresAt, createdById: actor.id })
  const changes = { before: { expiresAt: before.toISOString() }, after: { role, expiresAt: expiresAt.toISOString() } }
  record({ organizationId, targetKind: 'invitation', targetId: id, ...changes })
  return { id, path, expiresAt: expiresAt.toISOString() }
}
