import {
  type AuditEntry,
  anonymizeUser,
  endInvitations,
  endSessions,
  type LockedUser,
  revokeLinks,
  revokeOutgrownLinks,
  type Transaction,
} from '@roster/db'
import {
  type Actor,
  authorize,
  compareRoles,
  passwordChooserRefusal,
  Refused,
  type Role,
  refuse,
  requireExpected,
} from '@roster/domain'

/**
 * A locked user that the policy allows the actor to change. Each operation applies its change and returns the audit
 * entry, or null when nothing changed. Single calls and bulk calls share these operations.
 */
export interface LockedTarget {
  tx: Transaction
  actor: Actor
  target: LockedUser
}

function entry(target: LockedUser, changes: Pick<AuditEntry, 'before' | 'after' | 'listedIn'> = {}): AuditEntry {
  return {
    organizationId: target.organizationId,
    targetKind: 'user',
    targetId: target.id,
    targetName: target.username,
    ...changes,
  }
}

/** The result of a status change. An undo expects this `statusVersion`. */
export interface StatusChange {
  entry: AuditEntry | null
  statusVersion: number
}

/**
 * Suspends a user and ends their sessions, links and invitations, if the status version is the expected one.
 * @throws
 * CONFLICT
 */
export async function suspend(
  { tx, actor, target }: LockedTarget,
  expected: number | undefined,
): Promise<StatusChange> {
  const change = await setStatus({ tx, actor, target }, 'suspended', expected)
  if (!change.entry) return change
  await endSessions(tx, [target.id], 'suspended', { endedById: actor.id })
  await revokeLinks(tx, [target.id])
  await endInvitations(tx, target.id)
  return change
}

/** Reactivates a user, if the status version is the expected one. Ended sessions stay ended. @throws CONFLICT */
export function reactivate(locked: LockedTarget, expected: number | undefined): Promise<StatusChange> {
  return setStatus(locked, 'active', expected)
}

async function setStatus(
  { tx, target }: LockedTarget,
  status: 'active' | 'suspended',
  expected: number | undefined,
): Promise<StatusChange> {
  requireExpected('status', expected, target.statusVersion, target.status)
  if (target.status === status) return { entry: null, statusVersion: target.statusVersion }
  const { statusVersion } = await tx.user.update({
    where: { id: target.id },
    data: { status, statusVersion: { increment: 1 } },
    select: { statusVersion: true },
  })
  return { entry: entry(target, { before: { status: target.status }, after: { status } }), statusVersion }
}

/**
 * Sets a role, if the current one is expected and the actor may grant it. Clears an administrator's limit.
 * @throws
 * CANNOT_GRANT, CONFLICT, PASSWORD_CHOSEN_BY_OTHER
 */
export async function setRole(
  { tx, actor, target }: LockedTarget,
  role: Role,
  expected: Role | undefined,
): Promise<AuditEntry | null> {
  authorize(actor, 'role.grant', role)
  requireExpected('role', expected, target.role)
  if (target.role === role) return null
  const known = passwordChooserRefusal(target, { role, organizationId: target.organizationId })
  if (known) throw new Refused(known)
  const dailyLimit = role === 'administrator' ? null : target.dailyLimit
  await tx.user.update({ where: { id: target.id }, data: { role, dailyLimit }, select: { id: true } })
  await revokeOutgrownLinks(tx, target.id, role)
  if (compareRoles(role, target.role) < 0) await endInvitations(tx, target.id)
  return entry(target, {
    before: { role: target.role, dailyLimit: target.dailyLimit },
    after: { role, dailyLimit },
    listedIn: 'now',
  })
}

/** Sets a daily limit, if the current one is expected. @throws CONFLICT, LIMIT_NOT_FOR_ADMINISTRATOR */
export async function setLimit(
  { tx, target }: LockedTarget,
  dailyLimit: number | null,
  expected: number | null | undefined,
): Promise<AuditEntry | null> {
  requireExpected('dailyLimit', expected, target.dailyLimit)
  if (target.role === 'administrator' && dailyLimit !== null) throw refuse('LIMIT_NOT_FOR_ADMINISTRATOR', {})
  if (target.dailyLimit === dailyLimit) return null
  await tx.user.update({ where: { id: target.id }, data: { dailyLimit }, select: { id: true } })
  return entry(target, { before: { dailyLimit: target.dailyLimit }, after: { dailyLimit } })
}

/** Ends all sessions of a user and returns their number. */
export async function signOut({
  tx,
  actor,
  target,
}: LockedTarget): Promise<{ ended: number; entry: AuditEntry | null }> {
  const ended = await endSessions(tx, [target.id], 'ended-by-other', { endedById: actor.id })
  return {
    ended: ended.length,
    entry: ended.length === 0 ? null : entry(target, { after: { sessions: ended.length } }),
  }
}

/** Deletes a user. The username is free after the commit; the id is never reused. */
export async function deleteUser({ tx, actor, target }: LockedTarget): Promise<AuditEntry | null> {
  await endSessions(tx, [target.id], 'deleted', { endedById: actor.id })
  const deleted = await anonymizeUser(tx, target.id)
  return entry(target, {
    before: {
      username: target.username,
      displayName: target.displayName,
      role: target.role,
      status: target.status,
      workspaceIds: deleted.workspaceIds,
    },
    after: { status: 'deleted' },
    listedIn: deleted.workspaceIds,
  })
}
