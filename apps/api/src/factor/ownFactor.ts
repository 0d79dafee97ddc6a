import { type AuditEntry, readSecurity, replaceRecoveryCodes, type Transaction, updateSecondFactor } from '@roster/db'
import { type Actor, type FactorAdded, refuse } from '@roster/domain'
import type { Principal } from '../session/resolveSession.ts'
import { generateRecoveryCodes } from './recoveryCode.ts'

/** An audit entry for a change that the principal makes to their own account. */
export function selfAuditEntry(user: Principal, changes: Pick<AuditEntry, 'before' | 'after'> = {}): AuditEntry {
  return {
    organizationId: user.organizationId,
    targetKind: 'user',
    targetId: user.userId,
    targetName: user.username,
    ...changes,
  }
}

/** Updates a locked user after a factor was added. Returns new recovery codes for the first factor, else null. */
export async function afterFactorAdded(tx: Transaction, userId: string): Promise<FactorAdded> {
  const { before } = await updateSecondFactor(tx, userId)
  if (before) return { recoveryCodes: null }
  const { codes, hashes } = generateRecoveryCodes(userId)
  await replaceRecoveryCodes(tx, userId, hashes)
  return { recoveryCodes: codes }
}

/**
 * Updates a locked user after a factor was removed.
 * @throws LAST_FACTOR when none is left and the security policies
 * require one
 */
export async function afterFactorRemoved(tx: Transaction, actor: Actor): Promise<{ secondFactor: boolean }> {
  const { now } = await updateSecondFactor(tx, actor.id)
  if (!now && (await readSecurity(tx)).secondFactorRoles.includes(actor.role)) throw refuse('LAST_FACTOR', {})
  return { secondFactor: now }
}
