import {
  commit,
  type Database,
  endSessions,
  lockUserNamed,
  OPERATOR_USER_ID,
  revokeLinks,
  setPassword,
} from '@roster/db'
import { generatePassword } from '@roster/domain'
import { hashPassword } from '../password/hash.ts'
import { OperatorError } from '../server/operatorError.ts'
import { OPERATOR } from './operator.ts'

export interface PasswordReset {
  username: string
  password: string
  endedSessions: number
  suspended: boolean
}

/**
 * Sets a generated password, which the first sign-in replaces. Ends the user's sessions and revokes their one-time
 * links.
 * @throws {OperatorError} when there is no user with that name
 */
export async function resetPassword(db: Database, argument: string): Promise<PasswordReset> {
  const username = argument.trim().toLowerCase()
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  return commit({ db }, {}, async ({ tx, record }) => {
    const user = await lockUserNamed(tx, username)
    if (!user) throw new OperatorError(`There is no user “${username}”.`)
    await setPassword(tx, user.id, passwordHash, { changeRequired: true, setById: OPERATOR_USER_ID })
    await revokeLinks(tx, [user.id])
    const ended = await endSessions(tx, [user.id], 'password-set-by-other', { endedById: null })
    const change = {
      organizationId: user.organizationId,
      targetKind: 'user',
      targetId: user.id,
      targetName: username,
      after: { passwordChangeRequired: true, sessions: ended.length },
    } as const
    record(OPERATOR, 'user.setPassword', change)
    return { username, password, endedSessions: ended.length, suspended: user.suspended }
  })
}
