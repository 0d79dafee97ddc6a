import { clearAdministratorNetworks, commit, type Database, lockInstance } from '@roster/db'
import { OPERATOR } from './operator.ts'

/**
 * Allows administrators to connect from any network. It helps after networks were renumbered, or behind a proxy that
 * TRUST_PROXY doesn't list. Returns the networks that were allowed before; an empty list means that nothing changed.
 */
export async function allowAnyNetwork(db: Database): Promise<string[]> {
  return commit({ db }, {}, async ({ tx, record }) => {
    await lockInstance(tx)
    const before = await clearAdministratorNetworks(tx)
    if (before.length === 0) return before
    const changes = { before: { administratorNetworks: before }, after: { administratorNetworks: [] } }
    record(OPERATOR, 'security.update', {
      organizationId: null,
      targetKind: 'instance',
      targetId: null,
      ...changes,
    })
    return before
  })
}
