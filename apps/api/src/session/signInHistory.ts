import { type Database, listSignIns, toPageQuery } from '@roster/db'
import type { Paged, SignInRow, sessionSignInHistory } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from './resolveSession.ts'

/**
 * A page of a user's sign-ins and failed attempts at their username. It contains addresses, but never who made an
 * attempt.
 */
export async function signInHistory(
  pool: Database['pool'],
  { userId, sessionId }: Principal,
  page: z.output<typeof sessionSignInHistory>['page'],
): Promise<Paged<SignInRow>> {
  const { rows, ...paged } = await listSignIns(pool, userId, toPageQuery(page))
  return {
    ...paged,
    rows: rows.map(({ at, sessionId: createdId, ...row }) => ({
      ...row,
      at: at.toISOString(),
      current: createdId === sessionId,
    })),
  }
}
