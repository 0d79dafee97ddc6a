import type { UserRow } from '@roster/domain'
import { api } from '../../lib/api.ts'

/** The most that the browser's and the server's clock may differ. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1000

/** A user creation that got no answer. */
export interface SentUser {
  username: string
  /** The id of the actor. */
  by: string
  /** When it was sent, in ms. */
  at: number
}

/**
 * Finds the user that a call without an answer may have created. The query waits until the server can be reached.
 * @returns null if no user has the username; `other` if one does, but probably not from this call
 */
export async function findAddedUser(
  { username, by, at }: SentUser,
  signal: AbortSignal,
): Promise<UserRow | 'other' | null> {
  const page = await api.user.list.query(
    { filter: { search: username }, sort: 'username', page: { size: 50 } },
    { signal },
  )
  const row = page.rows.find((each) => each.username === username)
  if (!row) return page.after === null ? null : 'other'
  const { createdBy, createdAt, lastSeenAt } = await api.user.get.query({ userId: row.id }, { signal })
  const isFromThisCall =
    createdBy?.id === by && lastSeenAt === null && Math.abs(new Date(createdAt).getTime() - at) < CLOCK_TOLERANCE_MS
  return isFromThisCall ? row : 'other'
}
