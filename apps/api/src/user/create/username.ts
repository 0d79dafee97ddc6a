import { createHmac } from 'node:crypto'
import { consumeAttempt, refundAttempt, system, type Transaction, uniqueViolation } from '@roster/db'
import { refuse } from '@roster/domain'
import type { Services } from '../../server/services.ts'

/** Attempts at taken usernames by one actor. */
const LIMIT = { kind: 'window', attempts: 200, seconds: 900 } as const

function counter({ hmacKey }: Pick<Services, 'hmacKey'>, actorId: string): Buffer {
  return createHmac('sha256', hmacKey).update(`name:${actorId}`).digest()
}

/**
 * Consumes an attempt at a username. "Name taken" may reveal another organization's user, so attempts are limited by
 * actor and refunded for a free name.
 * @throws TOO_MANY_ATTEMPTS after 200 taken names in 15 minutes
 */
export async function consumeNameAttempt(services: Services, actorId: string): Promise<void> {
  const result = await system(services.db, (tx) => consumeAttempt(tx, counter(services, actorId), LIMIT), actorId)
  if (!result.allowed) throw refuse('TOO_MANY_ATTEMPTS', { retryAt: result.retryAt.toISOString() })
}

/** Refunds the attempt after the username was free. */
export async function refundNameAttempt(services: Services, tx: Transaction, actorId: string): Promise<void> {
  await refundAttempt(tx, counter(services, actorId))
}

/** Checks before slow work that a username is free. The write itself decides. @throws NAME_TAKEN */
export async function requireUsernameFree(prisma: Pick<Transaction, 'user'>, username: string): Promise<void> {
  if (await prisma.user.findUnique({ where: { username }, select: { id: true } }))
    throw refuse('NAME_TAKEN', { name: username, what: 'username' })
}

/** Runs a write of a username and translates a unique violation. @throws NAME_TAKEN */
export async function withUniqueUsername<T>(username: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (uniqueViolation(error)?.includes('username')) throw refuse('NAME_TAKEN', { name: username, what: 'username' })
    throw error
  }
}
