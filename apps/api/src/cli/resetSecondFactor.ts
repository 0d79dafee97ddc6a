import { commit, type Database, deleteFactors, endSessions, lockUserNamed, OPERATOR_USER_ID } from '@roster/db'
import { OperatorError } from '../server/operatorError.ts'
import { OPERATOR } from './operator.ts'

export interface FactorReset {
  username: string
  hadFactor: boolean
  endedSessions: number
}

/**
 * Removes a user's authenticator app, passkeys and recovery codes, and ends their sessions.
 * @throws {OperatorError} when there is no user with that name
 */
export async function resetSecondFactor(db: Database, argument: string): Promise<FactorReset> {
  const username = argument.trim().toLowerCase()
  return commit({ db }, {}, async ({ tx, record }) => {
    const user = await lockUserNamed(tx, username)
    if (!user) throw new OperatorError(`There is no user “${username}”.`)
    if (!(await deleteFactors(tx, user.id))) return { username, hadFactor: false, endedSessions: 0 }
    await tx.user.update({
      where: { id: user.id },
      data: { factorResetAt: new Date(), factorResetById: OPERATOR_USER_ID },
      select: { id: true },
    })
    const ended = await endSessions(tx, [user.id], 'factor-reset', { endedById: null })
    const change = {
      organizationId: user.organizationId,
      targetKind: 'user',
      targetId: user.id,
      targetName: username,
      before: { secondFactor: true },
      after: { secondFactor: false, sessions: ended.length },
    } as const
    record(OPERATOR, 'user.resetFactor', change)
    return { username, hadFactor: true, endedSessions: ended.length }
  })
}
