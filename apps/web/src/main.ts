import './zodJitless.ts'
import './main.css'
import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { followChanges } from './changes/followChanges.ts'
import { consoleEn } from './i18n/console.en.ts'
import { loadInitialLanguage, registerLanguages } from './i18n/switchLanguage.ts'
import { i18n } from './i18n/text.ts'
import { reloadWhenRestored } from './lib/backForwardCache.ts'
import { connectionFailed } from './lib/connection.ts'
import { withLoadingScreen } from './lib/loadingScreen.ts'
import { coladaOptions, onInvalidate } from './lib/refresh.ts'
import { isLeaving } from './lib/signInRedirect.ts'
import { usePreferences } from './preferences/preferences.store.ts'
import { router } from './router.ts'
import { useSession } from './session/session.store.ts'

registerLanguages({
  en: async () => ({ messages: consoleEn }),
  de: async () => {
    const [{ consoleDe }, { sentencesDe }] = await Promise.all([
      import('./i18n/console.de.ts'),
      import('./i18n/sentences.de.ts'),
    ])
    return { messages: consoleDe, sentences: sentencesDe }
  },
})

const pinia = createPinia()
const app = createApp(App)
app.use(pinia).use(PiniaColada, coladaOptions(pinia)).use(i18n).use(router).use(ui)

reloadWhenRestored()

async function start(): Promise<void> {
  const session = useSession(pinia)
  const [me] = await withLoadingScreen(Promise.all([session.load(), loadInitialLanguage()]))
  await usePreferences(pinia).adopt(me.user)
  onInvalidate((capability) => {
    if (capability === 'session') void session.load().catch(() => undefined)
  })
  // The browser knows that it is offline before a call fails. Back online, only a call tells whether the server
  // answers.
  addEventListener('offline', connectionFailed)
  addEventListener('online', () => void session.load().catch(() => undefined))
  app.mount('#app')
  followChanges(pinia, me.sessionId)
}

start().catch((error: unknown) => {
  // Without a session the page is going to the sign-in page. Other errors belong to the browser's log.
  if (!isLeaving()) throw error
})
