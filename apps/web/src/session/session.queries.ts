import { useQuery } from '@pinia/colada'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

/** One's own open sessions, the latest seen first. */
export function useSessions() {
  return useQuery({ key: ['session', 'list'], query: () => api.session.list.query() })
}

/** Ends one session, or all but this one when none is named. */
export function useEndSession() {
  return useChange('session.end', (input: { sessionId?: string }) => api.session.end.mutate(input))
}
