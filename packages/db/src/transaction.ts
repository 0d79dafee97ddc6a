import { refuse } from '@roster/domain'
import { isSerializationFailure, isUnavailable } from './failure.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { Semaphore } from './semaphore.ts'

/** A Prisma client inside a transaction: what every write takes. */
export type Transaction = Prisma.TransactionClient

/** How long a transaction may wait for a connection, and run, before it is given up. Milliseconds. */
const LIMITS = { maxWait: 5_000, timeout: 15_000 } as const
/** The same for one that goes over very many rows. */
const LARGE = { ...LIMITS, timeout: 120_000 } as const
const RETRIES = 3
/** How long a transaction waits for its turn. Milliseconds. */
const TIMEOUT_MS = 10_000
/** How many transactions of one caller wait at most. */
const MOST_OF_ONE = 500

const gates = new WeakMap<PrismaClient, Semaphore>()

/** Let so many transactions of a client run at once; further ones wait their turn, and leave the pool's other connections to what only reads. */
export function limitTransactions(prisma: PrismaClient, atOnce: number): void {
  gates.set(prisma, new Semaphore({ atOnce, patience: TIMEOUT_MS, most: MOST_OF_ONE }))
}

/**
 * Run `body` in one transaction, when it is its turn. Serialization failures and deadlocks are tried again, three times, after a short random wait; `body` therefore
 * has no effect but on the transaction, and begins no other one. Turns go round by `whose` they are, such as a user's id.
 * `isLarge`: it goes over very many rows and may take two minutes, in statements of 20 s at most.
 * @throws BUSY when its turn doesn't come, or it lost every time; OUTCOME_UNKNOWN when the connection was lost at the commit
 */
export function inTransaction<T>(prisma: PrismaClient, body: (tx: Transaction) => Promise<T>, whose = '', { isLarge = false } = {}): Promise<T> {
  const gate = gates.get(prisma)
  const limits = isLarge ? LARGE : LIMITS
  return gate ? gate.pass(whose, () => transact(prisma, body, limits)) : transact(prisma, body, limits)
}

async function transact<T>(prisma: PrismaClient, body: (tx: Transaction) => Promise<T>, limits: typeof LIMITS | typeof LARGE): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    // Once the body is through, what is left is the commit: a connection that is lost there leaves open whether it came about.
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

/** Lock the instance's row: whatever could lower the number of administrators who can get in goes one at a time. */
export async function lockInstance(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "instance" WHERE "id" = 1 FOR UPDATE`
}

/** How many administrators could sign in now: active, in an active organization, with a credential. Count under the instance's lock. */
export async function countAdministrators(tx: Transaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"
    WHERE u."role" = 'administrator' AND u."status" = 'active' AND u."passwordHash" IS NOT NULL AND o."status" = 'active'`
  return row?.count ?? 0
}
