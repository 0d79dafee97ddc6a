import { createApp, h, shallowRef } from 'vue'
import { i18n } from '../i18n/text.ts'
import StartingPage from '../ui/StartingPage.vue'
import { isLeaving } from './leave.ts'

/**
 * Shows that the page is coming while its first answers are awaited; reads are tried again by themselves. When they fail for good, says so and
 * stays. @throws what the work throws
 */
export async function whileStarting<Answer>(work: Promise<Answer>): Promise<Answer> {
  const error = shallowRef<unknown>(null)
  const page = createApp({ render: () => h(StartingPage, { error: error.value }) }).use(i18n)
  page.mount('#app')
  try {
    const answer = await work
    page.unmount()
    return answer
  } catch (caught) {
    if (!isLeaving()) error.value = caught
    throw caught
  }
}
