import { type LockedInvitation, lockInvitation, type Transaction } from '@roster/db'
import { type Actor, authorize, refuse, visibleScope } from '@roster/domain'

/**
 * Locks an invitation that the actor may change: it has uses left, and the actor may grant its role.
 * @throws
 * NOT_FOUND, CANNOT_GRANT, INVITATION_INACTIVE
 */
export async function lockEditableInvitation(
  tx: Transaction,
  actor: Actor,
  invitationId: string,
): Promise<LockedInvitation> {
  const invitation = await lockInvitation(tx, visibleScope(actor, 'user'), invitationId)
  if (!invitation) throw refuse('NOT_FOUND', { what: 'invitation' })
  authorize(actor, 'role.grant', invitation.role)
  if (invitation.used >= invitation.uses) throw refuse('INVITATION_INACTIVE', { state: 'used' })
  return invitation
}
