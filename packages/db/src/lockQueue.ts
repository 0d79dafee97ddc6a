import { Prisma } from './generated/client.ts'

/**
 * One's turn at a user, an organization or a workspace, to be taken before its row is locked: the rows' own locks let whoever shares them in while
 * somebody waits to have them alone, so that people who never stop saving could never be suspended. Turns come in the order of asking, and last until
 * the transaction's end. It is a named part of a statement's WITH, from which that statement has to select.
 */
export function lockQueueAt(id: string, how: 'shared' | 'alone', name: 'lockQueue' | 'place' = 'lockQueue'): Prisma.Sql {
  const take = how === 'shared' ? Prisma.sql`pg_advisory_xact_lock_shared` : Prisma.sql`pg_advisory_xact_lock`
  return Prisma.sql`${Prisma.raw(name)} AS MATERIALIZED (SELECT ${take}(hashtextextended(${id}, 0)))`
}
