import { findUserNames, type Transaction } from '@roster/db'
import type { Scope } from '@roster/domain'

/** A user's name: the display name, or else the username. */
export interface UserName {
  id: string
  name: string
}

/** The names of the given users within a scope, without deleted ones. */
export async function loadNames(
  tx: Pick<Transaction, '$queryRaw'>,
  scope: Scope,
  ids: readonly (string | null)[],
): Promise<Map<string, UserName>> {
  const userIds = [...new Set(ids.filter((id) => id !== null))]
  if (userIds.length === 0) return new Map()
  return new Map((await findUserNames(tx, scope, userIds)).map((user) => [user.id, user]))
}
