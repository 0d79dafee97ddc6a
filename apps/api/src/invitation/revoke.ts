import { revokeInvitation as revoke } from '@roster/db'
import type { onInvitation } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'
import { lockEditableInvitation } from './lockEditable.ts'

/**
 * Revokes an invitation, also an expired one. Its link stops working.
 * @throws NOT_FOUND, CANNOT_GRANT,
 * INVITATION_INACTIVE
 */
export async function revokeInvitation({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof onInvitation>>): Promise<{ changed: boolean }> {
  const { id, organizationId, role, ended } = await lockEditableInvitation(tx, actor, input.invitationId)
  if (ended === 'revoked') return { changed: false }
  await revoke(tx, id, actor.id)
  record({ organizationId, targetKind: 'invitation', targetId: id, before: { role } })
  return { changed: true }
}
