import { refuse } from '@roster/domain'
import type { Prisma, PrismaClient } from '../generated/client.ts'
import { isSerializationFailure, isUnavailable } from './failure.ts'
import { Semaphore } from './semaphore.ts'

/** A Prisma client inside a transaction. Every write takes one. */
export type Transaction = Prisma.TransactionClient

/** How long a transaction may wait for a connection, and how long it may run. Milliseconds. */
const LIMITS = { maxWait: 5_000, timeout: 15_000 } as const
/** The same for a transaction over very many rows. */
const LARGE = { ...LIMITS, timeout: 120_000 } as const
const RETRIES = 3
/** How long a transaction waits in the queue. Milliseconds. */
const QUEUE_TIMEOUT_MS = 10_000
/** Queued transactions per key. */
const QUEUE_LIMIT = 500

const semaphores = new WeakMap<PrismaClient, Semaphore>()

/** Limits how many transactions of a client run at once. Others wait, which leaves connections of the pool to reads. */
export function limitTransactions(prisma: PrismaClient, limit: number): void {
  semaphores.set(prisma, new Semaphore({ limit, timeout: QUEUE_TIMEOUT_MS, queueLimit: QUEUE_LIMIT }))
}

/**
 * Runs `body` in one transaction, once the semaphore allows it. Retries serialization failures and deadlocks three
 * times, after a short random wait. So `body` must have no effect outside the transaction, and must not start another
 * one. `key`: such as a user id; the queue is fair between keys. `isLarge`: for very many rows; it may take two
 * minutes, in statements of 20 s at most.
 * @throws BUSY when it waits too long or every retry fails; OUTCOME_UNKNOWN when the connection is lost during the
 * commit
 */
export function inTransaction<T>(
  prisma: PrismaClient,
  body: (tx: Transaction) => Promise<T>,
  key = '',
  { isLarge = false } = {},
): Promise<T> {
  const semaphore = semaphores.get(prisma)
  const limits = isLarge ? LARGE : LIMITS
  return semaphore ? semaphore.run(key, () => transact(prisma, body, limits)) : transact(prisma, body, limits)
}

async function transact<T>(
  prisma: PrismaClient,
  body: (tx: Transaction) => Promise<T>,
  limits: typeof LIMITS | typeof LARGE,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    // After the body only the commit is left. If the connection is lost there, the outcome is unknown.
    let committing = false
    try {
      return await prisma.$transaction(async (tx) => {
        const result = await body(tx)
        committing = true
        return result
      }, limits)
    } catch (error) {
      if (committing && isUnavailable(error)) throw refuse('OUTCOME_UNKNOWN', {})
      if (!isSerializationFailure(error)) throw error
      if (attempt > RETRIES) throw refuse('BUSY', {})
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * attempt))
    }
  }
}

/**
 * Locks the instance's row. It serializes all changes that could reduce the number of administrators who can sign in.
 */
export async function lockInstance(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "instance" WHERE "id" = 1 FOR UPDATE`
}

/**
 * The number of administrators who can sign in: active, in an active organization, with a password. Requires the
 * instance's lock.
 */
export async function countAdministrators(tx: Transaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"
    WHERE u."role" = 'administrator' AND u."status" = 'active' AND u."passwordHash" IS NOT NULL AND o."status" = 'active'`
  return row?.count ?? 0
}
