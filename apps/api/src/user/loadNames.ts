import { findUserNames, type Transaction } from '@roster/db'
import type { Scope } from '@roster/domain'

/** A person as they are named: by display name, or by username. */
export interface Named {
  id: string
  name: string
}

/** The names of those of these people who lie within a scope and are not deleted. */
export async function loadNames(tx: Pick<Transaction, '$queryRaw'>, scope: Scope, ids: readonly (string | null)[]): Promise<Map<string, Named>> {
  const asked = [...new Set(ids.filter((id) => id !== null))]
  if (asked.length === 0) return new Map()
  return new Map((await findUserNames(tx, scope, asked)).map((user) => [user.id, user]))
}
