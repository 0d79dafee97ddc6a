import {
  type AuditEntry,
  endInvitations,
  endSessions,
  type LockedUser,
  lockOrganization,
  moveUser as move,
  revokeLinks,
} from '@roster/db'
import {
  authorize,
  passwordChooserRefusal,
  Refused,
  refuse,
  requireExpected,
  type userMove,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../../call/change.ts'

/**
 * Moves a user to another organization: ends their memberships and sessions and sets the chosen role. Their history
 * stays with the old organization.
 * @throws CONFLICT when the user is not in the expected organization, NOT_FOUND (organization), CANNOT_GRANT,
 * PASSWORD_CHOSEN_BY_OTHER
 */
export async function moveUser({
  tx,
  actor,
  target,
  input,
  record,
}: ChangeContext<z.output<typeof userMove>> & { target: LockedUser }): Promise<{
  changed: boolean
  memberships: number
}> {
  const to = await lockOrganization(tx, visibleScope(actor, 'user'), input.organizationId, 'share')
  if (!to) throw refuse('NOT_FOUND', { what: 'organization' })
  authorize(actor, 'role.grant', input.role)
  requireExpected('organizationId', input.expected, target.organizationId)
  if (to.id === target.organizationId) return { changed: false, memberships: 0 }
  const known = passwordChooserRefusal(target, { role: input.role, organizationId: to.id })
  if (known) throw new Refused(known)
  const dailyLimit = input.role === 'administrator' ? null : target.dailyLimit
  const workspaceIds = await move(tx, target.id, { organizationId: to.id, role: input.role, dailyLimit })
  await endSessions(tx, [target.id], 'moved', { endedById: actor.id })
  await revokeLinks(tx, [target.id])
  await endInvitations(tx, target.id)
  // One event per organization, because each has its own log.
  const event: Omit<AuditEntry, 'organizationId'> = {
    targetKind: 'user',
    targetId: target.id,
    targetName: target.username,
    before: { organizationId: target.organizationId, role: target.role, workspaceIds },
    after: { organizationId: to.id, role: input.role },
  }
  record(
    { ...event, organizationId: target.organizationId, listedIn: workspaceIds },
    { ...event, organizationId: to.id },
  )
  return { changed: true, memberships: workspaceIds.length }
}
