import { type AuditEntry, keepSecondFactor, readSecurity, replaceRecoveryCodes, type Transaction } from '@roster/db'
import { type Actor, type FactorAdded, refuse } from '@roster/domain'
import type { Principal } from '../session/resolveSession.ts'
import { generateRecoveryCodes } from './recoveryCode.ts'

/** What somebody did to their own second factor, for the audit log. */
export function selfAuditEntry(user: Principal, changes: Pick<AuditEntry, 'before' | 'after'> = {}): AuditEntry {
  return { organizationId: user.organizationId, targetKind: 'user', targetId: user.userId, targetName: user.username, ...changes }
}

/** After a factor was added to a locked user: with the first come recovery codes. */
export async function afterFactorAdded(tx: Transaction, userId: string): Promise<FactorAdded> {
  const { before } = await keepSecondFactor(tx, userId)
  if (before) return { recoveryCodes: null }
  const { codes, hashes } = generateRecoveryCodes(userId)
  await replaceRecoveryCodes(tx, userId, hashes)
  return { recoveryCodes: codes }
}

/** After a factor was taken from a locked user: the last one stays where the security policies want one. @throws LAST_FACTOR */
export async function afterFactorRemoved(tx: Transaction, actor: Actor): Promise<{ secondFactor: boolean }> {
  const { now } = await keepSecondFactor(tx, actor.id)
  if (!now && (await readSecurity(tx)).secondFactorRoles.includes(actor.role)) throw refuse('LAST_FACTOR', {})
  return { secondFactor: now }
}
