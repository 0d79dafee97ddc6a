import { findOrganization, type LockedWorkspace, lockMember, writeExpiry } from '@roster/db'
import { dayEnd, type memberSetExpiry, refuse, refuseConflict, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { Changing } from '../call/change.ts'

/** Whether two ends are the same instant, however they are written. */
function isSame(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : Date.parse(a) === Date.parse(b)
}

/**
 * Set, change or clear when one membership ends by itself, over the end that was seen: with the last instant of a day in the organization's time zone.
 * A manager who reaches only assigned workspaces has their own reach from their membership, and can't prolong that.
 * @throws NOT_FOUND (member), CONFLICT, OWN_MEMBERSHIP_EXPIRY, DATE_IN_PAST
 */
export async function setExpiry({
  tx,
  actor,
  input,
  workspace,
  done,
}: Changing<z.output<typeof memberSetExpiry>> & { workspace: LockedWorkspace }): Promise<{ changed: boolean; expiresAt: string | null }> {
  const { id: workspaceId, organizationId } = workspace
  const { userId, lastDay } = input
  // Not locked: a deletion of the organization holds that, and comes to this workspace next.
  const organization = await findOrganization(tx, { kind: 'organization', organizationId }, organizationId)
  const member = await lockMember(tx, workspaceId, userId)
  if (!organization || !member) throw refuse('NOT_FOUND', { what: 'member' })
  const now = member.expiresAt?.toISOString() ?? null
  if (!isSame(input.expected, now)) throw refuseConflict('expiresAt', now)
  if (userId === actor.id && visibleScope(actor, 'workspace').kind === 'assigned') throw refuse('OWN_MEMBERSHIP_EXPIRY', {})
  const expiresAt = lastDay === null ? null : dayEnd(lastDay, organization.timeZone)
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw refuse('DATE_IN_PAST', {})
  const after = expiresAt?.toISOString() ?? null
  if (after === now) return { changed: false, expiresAt: now }
  await writeExpiry(tx, workspaceId, userId, expiresAt)
  done({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    targetName: member.username,
    workspaceId,
    before: { expiresAt: now },
    after: { expiresAt: after },
  })
  return { changed: true, expiresAt: after }
}
