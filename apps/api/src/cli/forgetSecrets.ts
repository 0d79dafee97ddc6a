import {
  commit,
  countEncryptedSecrets,
  type Database,
  endSessions,
  forgetSecrets as forget,
  readSecretCheck,
} from '@roster/db'
import { matchesKeyCheck } from '../secret/seal.ts'
import { OperatorError } from '../server/operatorError.ts'
import { OPERATOR } from './operator.ts'

/**
 * Deletes what a lost key encrypted (authenticator apps), so that the server can start with a new key. Returns how many
 * users lost their authenticator app, and how many of them have no second factor left.
 * @throws {OperatorError} when nothing is encrypted, the key is not lost, or the operator did not confirm
 */
export async function forgetSecrets(
  db: Database,
  key: Buffer | null,
  confirmed: boolean,
): Promise<{ users: number; withoutFactor: number }> {
  const check = await readSecretCheck(db.prisma)
  if (check === null)
    throw new OperatorError(
      'Nothing is encrypted in this database, so the server starts with any key. Nothing was deleted.',
    )
  if (key !== null && matchesKeyCheck(key, check))
    throw new OperatorError('The current key decrypts the stored secrets, so it is not lost. Nothing was deleted.')
  if (!confirmed) {
    const users = await countEncryptedSecrets(db.prisma)
    throw new OperatorError(
      `This permanently deletes the authenticator ${users === 1 ? 'app of 1 user' : `apps of ${users} users`}. If the key is lost for good, run: forget-secrets --yes`,
    )
  }
  return commit({ db }, {}, async ({ tx, record }) => {
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
    record(OPERATOR, 'user.resetFactor', ...entries)
    return { users: forgotten.length, withoutFactor: withoutFactor.length }
  })
}
