import { actorOf, type SessionMe } from '@roster/domain'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '../lib/api.ts'
import { leaveToSignIn } from '../lib/leave.ts'

/** Who is signed in. Loaded before the first page is shown, and again whenever something about the session changed. */
export const useSession = defineStore('session', () => {
  const loaded = shallowRef<SessionMe | null>(null)

  /** Who is signed in; reading it before it was loaded is a mistake in the program. */
  const me = computed<SessionMe>(() => {
    if (!loaded.value) throw new Error('The session has not been loaded.')
    return loaded.value
  })
  /** The same for the policy's questions. */
  const actor = computed(() => actorOf(me.value))
  const isLoaded = computed(() => loaded.value !== null)
  /** The name to greet with. */
  const name = computed(() => me.value.user.displayName ?? me.value.user.username)

  /** Asks the server who is signed in. Rejects (and leaves for the sign-in page) when nobody is. */
  async function load(): Promise<SessionMe> {
    const answer = await api.session.me.query()
    loaded.value = answer
    // Nothing but the sign-in page can deal with what is due.
    if (answer.passwordChangeRequired || answer.secondFactorRequired) leaveToSignIn()
    return answer
  }
  /** Takes what a call answered about the session. */
  function take(answer: SessionMe): void {
    loaded.value = answer
  }

  return { me, actor, name, isLoaded, load, take }
})
