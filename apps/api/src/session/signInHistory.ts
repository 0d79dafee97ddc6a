import { type Database, listSignIns, toPageQuery } from '@roster/db'
import type { Paged, SignInRow, sessionSignInHistory } from '@roster/domain'
import type * as z from 'zod'
import type { Principal } from './resolveSession.ts'

/** When and from where somebody came in, and who tried to under their name: from where, but never who. */
export async function signInHistory(
  pool: Database['pool'],
  { userId, sessionId }: Principal,
  page: z.output<typeof sessionSignInHistory>['page'],
): Promise<Paged<SignInRow>> {
  const { rows, ...paged } = await listSignIns(pool, userId, toPageQuery(page))
  return { ...paged, rows: rows.map(({ at, sessionId: began, ...row }) => ({ ...row, at: at.toISOString(), current: began === sessionId })) }
}
