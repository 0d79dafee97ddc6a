import { revokeInvitation as revoke } from '@roster/db'
import type { onInvitation } from '@roster/domain'
import type * as z from 'zod'
import type { Changing } from '../call/change.ts'
import { lockEditableInvitation } from './lockEditable.ts'

/** Revoke an invitation, also one that is over by itself: whoever has its link gets no account by it any more. @throws NOT_FOUND, CANNOT_GRANT, INVITATION_INACTIVE */
export async function revokeInvitation({ tx, actor, input, done }: Changing<z.output<typeof onInvitation>>): Promise<{ changed: boolean }> {
  const { id, organizationId, role, over } = await lockEditableInvitation(tx, actor, input.invitationId)
  if (over === 'revoked') return { changed: false }
  await revoke(tx, id, actor.id)
  done({ organizationId, targetKind: 'invitation', targetId: id, before: { role } })
  return { changed: true }
}
