import { createHmac } from 'node:crypto'
import { consumeAttempt, inTransaction, refundAttempt, type Transaction, uniqueViolation } from '@roster/db'
import { refuse } from '@roster/domain'
import type { Services } from '../services.ts'

const TRIES = { kind: 'window', attempts: 200, seconds: 900 } as const

function counter({ hmacKey }: Pick<Services, 'hmacKey'>, actorId: string): Buffer {
  return createHmac('sha256', hmacKey).update(`name:${actorId}`).digest()
}

/**
 * Usernames are unique in the instance, so "name taken" may tell of another organization's person: tries at names are counted by actor, and given
 * back by `refundNameAttempt`. @throws TOO_MANY_ATTEMPTS after 200 taken names in 15 minutes
 */
export async function consumeNameAttempt(services: Services, actorId: string): Promise<void> {
  const result = await inTransaction(services.db.prisma, (tx) => consumeAttempt(tx, counter(services, actorId), TRIES), actorId)
  if (!result.allowed) throw refuse('TOO_MANY_ATTEMPTS', { retryAt: result.retryAt.toISOString() })
}

/** The name was free: that try doesn't count. */
export async function refundNameAttempt(services: Services, tx: Transaction, actorId: string): Promise<void> {
  await refundAttempt(tx, counter(services, actorId))
}

/** Ask before slow work whether a name is still free; the write itself decides. @throws NAME_TAKEN */
export async function requireUsernameFree(prisma: Pick<Transaction, 'user'>, username: string): Promise<void> {
  if (await prisma.user.findUnique({ where: { username }, select: { id: true } })) throw refuse('NAME_TAKEN', { name: username, what: 'username' })
}

/** Run a write of a username; one that is taken is told in words. @throws NAME_TAKEN */
export async function withUniqueUsername<T>(username: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (uniqueViolation(error)?.includes('username')) throw refuse('NAME_TAKEN', { name: username, what: 'username' })
    throw error
  }
}
