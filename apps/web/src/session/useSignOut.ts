import { api } from '../lib/api.ts'
import { redirectToSignIn } from '../lib/signInRedirect.ts'
import { useNotify } from '../ui/feedback/useNotify.ts'

/**
 * Signs out and goes to the sign-in page. Without an answer it stays and shows the failure, since the session is still
 * open.
 */
export function useSignOut(): () => Promise<void> {
  const { failed } = useNotify()
  return async () => {
    try {
      await api.session.signOut.mutate()
      redirectToSignIn(null)
    } catch (error) {
      failed(error)
    }
  }
}
