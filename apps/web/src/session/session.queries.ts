import { defineQueryOptions, useQuery } from '@pinia/colada'
import type { SignInRow } from '@roster/domain'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** One's own open sessions, the latest seen first. */
export function useSessions() {
  return useQuery({ key: ['session', 'list'], query: () => api.session.list.query() })
}

/** Sign-ins that are read at once. */
export const SIGN_INS_PAGE = 25

/** So many first pages of one's own sign-ins, in one; `more`: whether there are further ones. */
export const signInsQuery = defineQueryOptions((pages: number) => ({
  key: ['session', 'signInHistory', pages],
  query: async ({ signal }): Promise<{ rows: SignInRow[]; more: boolean }> => {
    const rows: SignInRow[] = []
    let after: string | null = null
    for (let page = 0; page < pages; page++) {
      const read: Awaited<ReturnType<typeof api.session.signInHistory.query>> = await api.session.signInHistory.query(
        { page: { size: SIGN_INS_PAGE, ...(after === null ? {} : { after }) } },
        { signal },
      )
      rows.push(...read.rows)
      after = read.after
      if (after === null) break
    }
    return { rows, more: after !== null }
  },
}))

/** Ends one session, or all but this one when none is named. */
export function useEndSession() {
  return useChange('session.end', (input: { sessionId?: string }) => api.session.end.mutate(input))
}
