import '../noEval.ts'
import './sign-in.css'
import type { SessionEndReason, SessionMe } from '@roster/domain'
import { createApp } from 'vue'
import { signInEn } from '../i18n/signIn.en.ts'
import { languagesFrom, speakFuzz } from '../i18n/speak.ts'
import { i18n } from '../i18n/text.ts'
import { refusalOf } from '../lib/failure.ts'
import { returnPath } from '../lib/leave.ts'
import { whileStarting } from '../lib/whileStarting.ts'
import { showTheme, storedTheme } from '../preferences/theme.ts'
import { api } from './api.ts'
import SignInApp from './SignInApp.vue'

languagesFrom({
  en: async () => ({ messages: signInEn }),
  de: async () => {
    const [{ signInDe }, { sentencesDe }] = await Promise.all([import('../i18n/signIn.de.ts'), import('../i18n/sentences.de.ts')])
    return { messages: signInDe, sentences: sentencesDe }
  },
})

/** The pages of this entry but for signing in itself; so are their addresses. */
const PAGES = ['setup', 'link', 'invitation'] as const

/** Who is signed in here, or why they no longer are. */
async function whoIsHere(): Promise<{ me: SessionMe | null; ended: SessionEndReason | null }> {
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
  const page = PAGES.find((each) => path === `/${each}`) ?? 'sign-in'
  // Another link put into the same tab is another page.
  addEventListener('hashchange', () => location.reload())
  // A secret behind the # leaves the address (and so the history) at once; it is never sent with a request for a page.
  const secret = location.hash.slice(1)
  if (secret !== '') history.replaceState(null, '', location.pathname + location.search)

  const [status, { me, ended }] = await whileStarting(Promise.all([api.setup.status.query(), whoIsHere(), speakFuzz()]))
  if (!status.setUp && page !== 'setup') return location.replace('/setup')
  if (status.setUp && page === 'setup') return location.replace('/sign-in')
  if (page === 'sign-in' && me && !me.passwordChangeRequired && !me.secondFactorRequired) return location.replace(returnPath(location.search))
  createApp(SignInApp, { page, status, me, ended, secret }).use(i18n).mount('#app')
}

void start()
