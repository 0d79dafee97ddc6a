import { api } from '../lib/api.ts'
import { leaveToSignIn } from '../lib/leave.ts'
import { useNotify } from '../ui/useNotify.ts'

/** Signs out and goes to the sign-in page; when the server can't be reached it says so and stays, since the session would live on. */
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
