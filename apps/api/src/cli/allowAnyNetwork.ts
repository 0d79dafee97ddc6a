import { clearAdministratorNetworks, type Database, inTransaction, lockInstance, recordChange } from '@roster/db'
import { INVALIDATES } from '@roster/domain'
import { OPERATOR } from './operator.ts'

/**
 * Allows administrators to connect from any network. It helps after networks were renumbered, or behind a proxy that
 * TRUST_PROXY doesn't list. Returns the networks that were allowed before; an empty list means that nothing changed.
 */
export async function allowAnyNetwork({ prisma }: Database): Promise<string[]> {
  return inTransaction(prisma, async (tx) => {
    await lockInstance(tx)
    const before = await clearAdministratorNetworks(tx)
    if (before.length === 0) return before
    const changes = { before: { administratorNetworks: before }, after: { administratorNetworks: [] } }
    await recordChange(
      tx,
      OPERATOR,
      'security.update',
      [{ organizationId: null, targetKind: 'instance', targetId: null, ...changes }],
      INVALIDATES['security.update'],
    )
    return before
  })
}
