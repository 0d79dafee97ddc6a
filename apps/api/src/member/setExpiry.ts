import { findOrganization, type LockedWorkspace, lockMember, setMemberExpiry } from '@roster/db'
import { dayEnd, type memberSetExpiry, refuse, requireExpected, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

/** An instant in the notation of the API; null for none. */
const instant = (iso: string | null): string | null => (iso === null ? null : new Date(iso).toISOString())

/**
 * Sets or clears a membership's expiry, if it is still the expected one: the last instant of a day in the
 * organization's time zone. Under assigned scope a manager's own membership is their permission, so they can't extend
 * it.
 * @throws NOT_FOUND (member), CONFLICT, OWN_MEMBERSHIP_EXPIRY, DATE_IN_PAST
 */
export async function setExpiry({
  tx,
  actor,
  input,
  workspace,
  record,
}: ChangeContext<z.output<typeof memberSetExpiry>> & { workspace: LockedWorkspace }): Promise<{
  changed: boolean
  expiresAt: string | null
}> {
  const { id: workspaceId, organizationId } = workspace
  const { userId, lastDay } = input
  // Without a lock: deleting the organization locks it first and this workspace next, which would deadlock.
  const organization = await findOrganization(tx, { kind: 'organization', organizationId }, organizationId)
  const member = await lockMember(tx, workspaceId, userId)
  if (!organization || !member) throw refuse('NOT_FOUND', { what: 'member' })
  const before = member.expiresAt?.toISOString() ?? null
  requireExpected('expiresAt', instant(input.expected), before)
  if (userId === actor.id && visibleScope(actor, 'workspace').kind === 'assigned')
    throw refuse('OWN_MEMBERSHIP_EXPIRY', {})
  const expiresAt = lastDay === null ? null : dayEnd(lastDay, organization.timeZone)
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw refuse('DATE_IN_PAST', {})
  const after = expiresAt?.toISOString() ?? null
  if (after === before) return { changed: false, expiresAt: before }
  await setMemberExpiry(tx, workspaceId, userId, expiresAt)
  record({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    targetName: member.username,
    workspaceId,
    before: { expiresAt: before },
    after: { expiresAt: after },
  })
  return { changed: true, expiresAt: after }
}
