import { actorOf, type SessionMe } from '@roster/domain'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '../lib/api.ts'
import { redirectToSignIn, reloadPage } from '../lib/signInRedirect.ts'

/** The signed-in user and session. It loads before the first page, and again after each change of the session. */
export const useSession = defineStore('session', () => {
  const loaded = shallowRef<SessionMe | null>(null)

  /** The session. @throws {Error} before the first load, which is a bug */
  const me = computed<SessionMe>(() => {
    if (!loaded.value) throw new Error('The session has not been loaded.')
    return loaded.value
  })
  /** The signed-in user as the policy's actor. */
  const actor = computed(() => actorOf(me.value))
  const isLoaded = computed(() => loaded.value !== null)
  /** The display name, or the username without one. */
  const name = computed(() => me.value.user.displayName ?? me.value.user.username)

  /**
   * Loads the session. Without one it rejects, and the page goes to sign-in. If another user has signed in, in another
   * tab, it rejects too, and the page reloads: it must not mix two accounts.
   */
  async function load(): Promise<SessionMe> {
    const answer = await api.session.me.query()
    if (loaded.value && loaded.value.user.id !== answer.user.id) {
      reloadPage()
      throw new Error('Another user has signed in.')
    }
    loaded.value = answer
    // Only the sign-in page handles a due password change or second factor.
    if (answer.passwordChangeRequired || answer.secondFactorRequired) redirectToSignIn()
    return answer
  }
  /** Stores the session that another call returned. */
  function take(answer: SessionMe): void {
    loaded.value = answer
  }

  return { me, actor, name, isLoaded, load, take }
})
