import { createApp, h, shallowRef } from 'vue'
import { i18n } from '../i18n/text.ts'
import LoadingScreen from '../ui/feedback/LoadingScreen.vue'
import { isLeaving } from './signInRedirect.ts'

/**
 * Shows a loading screen until the work is done. If the work fails, the screen stays and shows the failure.
 * @throws
 * the error of the work
 */
export async function withLoadingScreen<Answer>(work: Promise<Answer>): Promise<Answer> {
  const error = shallowRef<unknown>(null)
  const screen = createApp({ render: () => h(LoadingScreen, { error: error.value }) }).use(i18n)
  screen.mount('#app')
  try {
    const answer = await work
    screen.unmount()
    return answer
  } catch (caught) {
    if (!isLeaving()) error.value = caught
    throw caught
  }
}
