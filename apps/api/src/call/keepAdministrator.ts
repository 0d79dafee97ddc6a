import { countAdministrators, type Transaction } from '@roster/db'
import { refuse } from '@roster/domain'

/** After a change that could lower it: somebody must still be able to administer the instance. */
export async function keepAdministrator(tx: Transaction): Promise<void> {
  if ((await countAdministrators(tx)) === 0) throw refuse('LAST_ADMINISTRATOR', {})
}
