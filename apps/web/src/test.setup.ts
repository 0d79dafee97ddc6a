import './zodJitless.ts'
import { beforeEach } from 'vitest'

// Each test starts in English.
beforeEach(async () => {
  if (!('document' in globalThis)) return
  const { consoleEn } = await import('./i18n/console.en.ts')
  const { consoleDe } = await import('./i18n/console.de.ts')
  const { sentencesDe } = await import('./i18n/sentences.de.ts')
  const { registerLanguages, switchLanguage } = await import('./i18n/switchLanguage.ts')
  registerLanguages({
    en: async () => ({ messages: consoleEn }),
    de: async () => ({ messages: consoleDe, sentences: sentencesDe }),
  })
  await switchLanguage('en')
})
