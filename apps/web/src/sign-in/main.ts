import '../zodJitless.ts'
import './sign-in.css'
import { refusalOf, type SessionEndReason, type SessionMe } from '@roster/domain'
import { createApp } from 'vue'
import { signInEn } from '../i18n/signIn.en.ts'
import { loadInitialLanguage, registerLanguages } from '../i18n/switchLanguage.ts'
import { i18n } from '../i18n/text.ts'
import { withLoadingScreen } from '../lib/loadingScreen.ts'
import { returnPath } from '../lib/signInRedirect.ts'
import { showTheme, storedTheme } from '../preferences/theme.ts'
import { api } from './api.ts'
import SignInApp from './SignInApp.vue'

registerLanguages({
  en: async () => ({ messages: signInEn }),
  de: async () => {
    const [{ signInDe }, { sentencesDe }] = await Promise.all([
      import('../i18n/signIn.de.ts'),
      import('../i18n/sentences.de.ts'),
    ])
    return { messages: signInDe, sentences: sentencesDe }
  },
})

/** The pages of this entry besides sign-in, by their addresses. */
const PAGES = ['setup', 'link', 'invitation'] as const

/** The session, or why it ended. */
async function loadSession(): Promise<{ me: SessionMe | null; ended: SessionEndReason | null }> {
  try {
    return { me: await api.session.me.query(), ended: null }
  } catch (error) {
    const refusal = refusalOf(error)
    return { me: null, ended: refusal?.code === 'SESSION_ENDED' ? refusal.details.reason : null }
  }
}

async function start(): Promise<void> {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => showTheme(storedTheme()))
  const path = location.pathname.replace(/\/$/, '')
  const page = PAGES.find((name) => path === `/${name}`) ?? 'sign-in'
  // Another link in the same tab is another page.
  addEventListener('hashchange', () => location.reload())
  // The secret in the fragment leaves the address and the history at once. A fragment is never sent to a server.
  const secret = location.hash.slice(1)
  if (secret !== '') history.replaceState(null, '', location.pathname + location.search)

  const [status, { me, ended }] = await withLoadingScreen(
    Promise.all([api.setup.status.query(), loadSession(), loadInitialLanguage()]),
  )
  if (!status.setUp && page !== 'setup') return location.replace('/setup')
  if (status.setUp && page === 'setup') return location.replace('/sign-in')
  if (page === 'sign-in' && me && !me.passwordChangeRequired && !me.secondFactorRequired)
    return location.replace(returnPath(location.search))
  createApp(SignInApp, { page, status, me, ended, secret }).use(i18n).mount('#app')
}

void start()
