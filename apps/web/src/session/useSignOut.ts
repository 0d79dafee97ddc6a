import { api } from '../lib/api.ts'
import { leaveToSignIn } from '../lib/leave.ts'
import { useNotify } from '../ui/useNotify.ts'

/** Signs out and goes to the sign-in page. Without an answer it stays and shows the failure, since the session is still open. */
export function useSignOut(): () => Promise<void> {
  const { failed } = useNotify()
  return async () => {
    try {
      await api.session.signOut.mutate()
      leaveToSignIn(null)
    } catch (error) {
      failed(error)
    }
  }
}
