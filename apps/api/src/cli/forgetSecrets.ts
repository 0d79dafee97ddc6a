import { countSealed, type Database, endSessions, forgetSecrets as forget, inTransaction, readSecretCheck, recordChange } from '@roster/db'
import { INVALIDATES } from '@roster/domain'
import { OperatorError } from '../operatorError.ts'
import { matchesKeyCheck } from '../secret/seal.ts'
import { OPERATOR } from './operator.ts'

/**
 * For whoever lost the key for good: takes away what is sealed with it, the authenticator apps, so that the server starts with a new one. Gives how many
 * people lost theirs, and how many of them have no second factor left.
 * @throws {OperatorError} when there is nothing to forget, the key is in place after all, or it wasn't said that it is meant
 */
export async function forgetSecrets(db: Database, key: Buffer | null, meant: boolean): Promise<{ users: number; without: number }> {
  const check = await readSecretCheck(db.prisma)
  if (check === null) throw new OperatorError('Nothing was ever sealed here; the server starts with any key.')
  if (key !== null && matchesKeyCheck(key, check)) throw new OperatorError('The key is in place, and opens what is sealed with it. There is nothing to forget.')
  if (!meant) {
    const users = await countSealed(db.prisma)
    throw new OperatorError(
      `${users === 1 ? '1 person' : `${users} people`} would lose their authenticator app, for good. If the key can't be found again, say so: forget-secrets --yes`,
    )
  }
  return inTransaction(db.prisma, async (tx) => {
    const forgotten = await forget(tx)
    const withoutFactor = forgotten.filter(({ secondFactor }) => !secondFactor)
    await endSessions(
      tx,
      withoutFactor.map(({ id }) => id),
      'factor-reset',
      { endedById: null },
    )
    const entries = forgotten.map(({ id, organizationId, username, secondFactor }) => ({
      organizationId,
      targetKind: 'user' as const,
      targetId: id,
      targetName: username,
      before: { secondFactor: true },
      after: { secondFactor },
    }))
    await recordChange(tx, OPERATOR, 'user.resetFactor', entries, INVALIDATES['user.resetFactor'])
    return { users: forgotten.length, withoutFactor: withoutFactor.length }
  })
}
