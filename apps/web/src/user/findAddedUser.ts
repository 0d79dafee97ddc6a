import type { UserRow } from '@roster/domain'
import { api } from '../lib/api.ts'

/** The two clocks, the reader's and the server's, may differ; by more than this, in ms, nobody can tell whether it was this try. */
const CLOCKS_MS = 60 * 60 * 1000

/** Who was sent to be added, by whom, and when (ms). */
export interface SentUser {
  username: string
  by: string
  at: number
}

/**
 * What became of a try to add somebody that got no answer; asked as soon as the server can be reached. Null: there is nobody of that name.
 * `other`: there is, but most likely not by this try, or it can't be told.
 */
export async function findAddedUser({ username, by, at }: SentUser, signal: AbortSignal): Promise<UserRow | 'other' | null> {
  const page = await api.user.list.query({ filter: { search: username }, sort: 'username', page: { size: 50 } }, { signal })
  const row = page.rows.find((each) => each.username === username)
  if (!row) return page.after === null ? null : 'other'
  const { createdBy, createdAt, lastSeenAt } = await api.user.get.query({ userId: row.id }, { signal })
  const ours = createdBy?.id === by && lastSeenAt === null && Math.abs(new Date(createdAt).getTime() - at) < CLOCKS_MS
  return ours ? row : 'other'
}
