import { countAdministrators, type Transaction } from '@roster/db'
import { refuse } from '@roster/domain'

/**
 * Requires that at least one administrator can still sign in. Call it after a change that may reduce their number.
 * @throws LAST_ADMINISTRATOR
 */
export async function requireAdministrator(tx: Transaction): Promise<void> {
  if ((await countAdministrators(tx)) === 0) throw refuse('LAST_ADMINISTRATOR', {})
}
