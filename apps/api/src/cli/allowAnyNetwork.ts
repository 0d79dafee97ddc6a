import { type Database, inTransaction, lockInstance, openAdministratorNetworks, recordChange } from '@roster/db'
import { INVALIDATES } from '@roster/domain'
import { OPERATOR } from './operator.ts'

/**
 * Let administrators come from anywhere again, for whoever is shut out by the security policies: their networks were renumbered, or a proxy stands in
 * front that TRUST_PROXY doesn't know. Gives the networks that were allowed before; none: nothing was changed.
 */
export async function allowAnyNetwork({ prisma }: Database): Promise<string[]> {
  return inTransaction(prisma, async (tx) => {
    await lockInstance(tx)
    const before = await openAdministratorNetworks(tx)
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
