import { defineQueryOptions, useQuery } from '@pinia/colada'
import type { SignInRow } from '@roster/domain'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** The user's own open sessions, most recently seen first. */
export function useSessions() {
  return useQuery({ key: ['session', 'list'], query: () => api.session.list.query() })
}

/** Rows of one page of sign-ins. */
export const SIGN_INS_PAGE = 25

/** The first `pages` pages of the user's own sign-ins. `more` says whether further pages exist. */
export const signInsQuery = defineQueryOptions((pages: number) => ({
  key: ['session', 'signInHistory', pages],
  query: async ({ signal }): Promise<{ rows: SignInRow[]; more: boolean }> => {
    const rows: SignInRow[] = []
    let after: string | null = null
    for (let page = 0; page < pages; page++) {
      const answer: Awaited<ReturnType<typeof api.session.signInHistory.query>> = await api.session.signInHistory.query(
        { page: { size: SIGN_INS_PAGE, ...(after === null ? {} : { after }) } },
        { signal },
      )
      rows.push(...answer.rows)
      after = answer.after
      if (after === null) break
    }
    return { rows, more: after !== null }
  },
}))

/** Ends one session, or all others without `sessionId`. */
export function useEndSession() {
  return useChange('session.end', (input: { sessionId?: string }) => api.session.end.mutate(input))
}
