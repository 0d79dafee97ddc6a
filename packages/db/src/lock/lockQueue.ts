import { Prisma } from '../generated/client.ts'

/**
 * A FIFO queue for the row lock of a user, an organization or a workspace: a part of a statement's WITH, from which the
 * statement has to select. PostgreSQL's shared row locks overtake a waiting exclusive one, so a user who never stops
 * saving could never be suspended. So the statement first acquires an advisory lock on the id. PostgreSQL grants those
 * in the order of requests, and keeps them until the transaction ends.
 */
export function lockQueue(
  id: string,
  mode: 'shared' | 'exclusive',
  alias: 'lock_queue' | 'organization_lock_queue' = 'lock_queue',
): Prisma.Sql {
  const lock = mode === 'shared' ? Prisma.sql`pg_advisory_xact_lock_shared` : Prisma.sql`pg_advisory_xact_lock`
  return Prisma.sql`${Prisma.raw(alias)} AS MATERIALIZED (SELECT ${lock}(hashtextextended(${id}, 0)))`
}
