import { type AuditEntry, anonymizeUser, endInvitations, endSessions, type LockedUser, revokeLinks, revokeOutgrownLinks, type Transaction } from '@roster/db'
import { type Actor, compareRoles, decideGrant, Refused, type Role, refusalOfChosen, refuse, refuseConflict } from '@roster/domain'

/**
 * What can be done to one locked user whom the policy was asked about: each does it and gives the audit entry of what really changed, or null when
 * there was nothing to do. Single calls and bulk go through the same ones.
 */
export interface Acting {
  tx: Transaction
  actor: Actor
  target: LockedUser
}

function entry(target: LockedUser, changes: Pick<AuditEntry, 'before' | 'after' | 'listedIn'> = {}): AuditEntry {
  return { organizationId: target.organizationId, targetKind: 'user', targetId: target.id, targetName: target.username, ...changes }
}

/** What became of a status, and the count of its changes, which binds an Undo to this one. */
export interface StatusSet {
  entry: AuditEntry | null
  statusVersion: number
}

/** Suspend, if the status is still the one that was seen: every session, link and invitation of theirs is dead with the same commit. @throws CONFLICT */
export async function suspend({ tx, actor, target }: Acting, expected: number | undefined): Promise<StatusSet> {
  const set = await setStatus({ tx, actor, target }, 'suspended', expected)
  if (!set.entry) return set
  await endSessions(tx, [target.id], 'suspended', { endedById: actor.id })
  await revokeLinks(tx, [target.id])
  await endInvitations(tx, target.id)
  return set
}

/** Reactivate, if the status is still the one that was seen: signing in is possible again; old sessions stay over. @throws CONFLICT */
export function reactivate(acting: Acting, expected: number | undefined): Promise<StatusSet> {
  return setStatus(acting, 'active', expected)
}

async function setStatus({ tx, target }: Acting, status: 'active' | 'suspended', expected: number | undefined): Promise<StatusSet> {
  if (expected !== undefined && target.statusVersion !== expected) throw refuseConflict('status', target.status)
  if (target.status === status) return { entry: null, statusVersion: target.statusVersion }
  const { statusVersion } = await tx.user.update({
    where: { id: target.id },
    data: { status, statusVersion: { increment: 1 } },
    select: { statusVersion: true },
  })
  return { entry: entry(target, { before: { status: target.status }, after: { status } }), statusVersion }
}

/** Change a role, if the giver may give it and it is still the one that was seen. An administrator has no daily limit. @throws CANNOT_GRANT, CONFLICT, PASSWORD_CHOSEN_BY_OTHER */
export async function setRole({ tx, actor, target }: Acting, role: Role, expected: Role | undefined): Promise<AuditEntry | null> {
  const grant = decideGrant(actor, role)
  if (!grant.allowed) throw new Refused(grant.refusal)
  if (expected !== undefined && target.role !== expected) throw refuseConflict('role', target.role)
  if (target.role === role) return null
  const known = refusalOfChosen(target, { role, organizationId: target.organizationId })
  if (known) throw new Refused(known)
  const dailyLimit = role === 'administrator' ? null : target.dailyLimit
  await tx.user.update({ where: { id: target.id }, data: { role, dailyLimit }, select: { id: true } })
  await revokeOutgrownLinks(tx, target.id, role)
  if (compareRoles(role, target.role) < 0) await endInvitations(tx, target.id)
  return entry(target, { before: { role: target.role, dailyLimit: target.dailyLimit }, after: { role, dailyLimit }, listedIn: 'now' })
}

/** Change a daily limit, if it is still the one that was seen. @throws CONFLICT, LIMIT_NOT_FOR_ADMINISTRATOR */
export async function setLimit({ tx, target }: Acting, dailyLimit: number | null, expected: number | null | undefined): Promise<AuditEntry | null> {
  if (expected !== undefined && target.dailyLimit !== expected) throw refuseConflict('dailyLimit', target.dailyLimit)
  if (target.role === 'administrator' && dailyLimit !== null) throw refuse('LIMIT_NOT_FOR_ADMINISTRATOR', {})
  if (target.dailyLimit === dailyLimit) return null
  await tx.user.update({ where: { id: target.id }, data: { dailyLimit }, select: { id: true } })
  return entry(target, { before: { dailyLimit: target.dailyLimit }, after: { dailyLimit } })
}

/** End all sessions of somebody. Gives how many there were. */
export async function signOut({ tx, actor, target }: Acting): Promise<{ ended: number; entry: AuditEntry | null }> {
  const ended = await endSessions(tx, [target.id], 'ended-by-other', { endedById: actor.id })
  return { ended: ended.length, entry: ended.length === 0 ? null : entry(target, { after: { sessions: ended.length } }) }
}

/** Delete: what goes is gone with the same commit; the name is free, the id never. */
export async function remove({ tx, actor, target }: Acting): Promise<AuditEntry | null> {
  await endSessions(tx, [target.id], 'deleted', { endedById: actor.id })
  const erased = await anonymizeUser(tx, target.id)
  return entry(target, {
    before: { username: target.username, displayName: target.displayName, role: target.role, status: target.status, workspaceIds: erased.workspaceIds },
    after: { status: 'deleted' },
    listedIn: erased.workspaceIds,
  })
}
