import './noEval.ts'
import './main.css'
import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { followChanges } from './changes/followChanges.ts'
import { consoleEn } from './i18n/console.en.ts'
import { languagesFrom, speakFuzz } from './i18n/speak.ts'
import { i18n } from './i18n/text.ts'
import { connectionFailed } from './lib/connection.ts'
import { isLeaving } from './lib/leave.ts'
import { coladaOptions, onStale } from './lib/refresh.ts'
import { reloadWhenRestored } from './lib/restored.ts'
import { whileStarting } from './lib/whileStarting.ts'
import { usePreferences } from './preferences/preferences.store.ts'
import { router } from './router.ts'
import { useSession } from './session/session.store.ts'

languagesFrom({
  en: async () => ({ messages: consoleEn, fields: {} }),
  de: async () => {
    const [{ consoleDe }, { fieldDe }] = await Promise.all([import('./i18n/console.de.ts'), import('./i18n/field.de.ts')])
    return { messages: consoleDe, fields: fieldDe }
  },
})

const pinia = createPinia()
const app = createApp(App)
app.use(pinia).use(PiniaColada, coladaOptions(pinia)).use(i18n).use(router).use(ui)

reloadWhenRestored()

async function start(): Promise<void> {
  const session = useSession(pinia)
  const [me] = await whileStarting(Promise.all([session.load(), speakFuzz()]))
  await usePreferences(pinia).adopt(me.user)
  onStale((capability) => {
    if (capability === 'session') void session.load().catch(() => undefined)
  })
  // A browser knows before any call fails; what it then knows less well is whether the server can be reached again.
  addEventListener('offline', connectionFailed)
  addEventListener('online', () => void session.load().catch(() => undefined))
  app.mount('#app')
  followChanges(pinia, me.sessionId)
}

start().catch((error: unknown) => {
  // Without a session the page is on its way to the sign-in page; anything else belongs to the browser's error log.
  if (!isLeaving()) throw error
})
