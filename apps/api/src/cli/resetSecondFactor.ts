import { clearFactors, type Database, endSessions, inTransaction, lockUserNamed, OPERATOR_ID, recordChange } from '@roster/db'
import { INVALIDATES } from '@roster/domain'
import { OperatorError } from '../operatorError.ts'
import { OPERATOR } from './operator.ts'

/** What came of it. */
export interface FactorReset {
  username: string
  had: boolean
  endedSessions: number
}

/**
 * Take somebody's second factor away, recovery codes included, and end their sessions.
 * @throws {OperatorError} when there is nobody of that name
 */
export async function resetSecondFactor({ prisma }: Database, typed: string): Promise<FactorReset> {
  const username = typed.trim().toLowerCase()
  return inTransaction(prisma, async (tx) => {
    const user = await lockUserNamed(tx, username)
    if (!user) throw new OperatorError(`There is no user “${username}”.`)
    if (!(await clearFactors(tx, user.id))) return { username, had: false, endedSessions: 0 }
    await tx.user.update({ where: { id: user.id }, data: { factorResetAt: new Date(), factorResetById: OPERATOR_ID }, select: { id: true } })
    const ended = await endSessions(tx, [user.id], 'factor-reset', { endedById: null })
    const done = {
      organizationId: user.organizationId,
      targetKind: 'user',
      targetId: user.id,
      targetName: username,
      before: { secondFactor: true },
      after: { secondFactor: false, sessions: ended.length },
    } as const
    await recordChange(tx, OPERATOR, 'user.resetFactor', [done], INVALIDATES['user.resetFactor'])
    return { username, had: true, endedSessions: ended.length }
  })
}
