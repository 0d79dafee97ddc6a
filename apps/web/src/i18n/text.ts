import { LANGUAGES } from '@roster/domain'
import { createI18n } from 'vue-i18n'
import type { consoleEn } from './console.en.ts'
import { formatNumber } from './format.ts'
import { type Language, language } from './language.ts'
import type { Path } from './shape.ts'
import type { signInEn } from './signIn.en.ts'

/** Every text's key, in the console and in the sign-in entry. */
export type MessageKey = Path<typeof consoleEn> | Path<typeof signInEn>

type Tree = { [key: string]: string | Tree }

/** The vue-i18n instance of a page. Both entries install it. */
export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'en',
  missing: (_locale, key) => {
    if (import.meta.env.DEV) throw new Error(`No text for ${key}.`)
    return key
  },
  messages: {} as Record<Language, Tree>,
})

/** Adds one language's texts. */
export function setTexts(of: Language, texts: Tree): void {
  if (LANGUAGES.includes(of)) i18n.global.setLocaleMessage(of, texts)
}

/** Shows a language. Its texts must have been added. */
export function showLanguage(of: Language): void {
  i18n.global.locale.value = of
  language.value = of
  document.documentElement.lang = of
}

/**
 * A text in the reader's language. It is reactive, so that templates follow a change of the language.
 * Numbers are formatted. `n` also chooses between the forms "one | many" (or "none | one | many").
 */
export function t(key: MessageKey, named: Record<string, string | number> = {}): string {
  const shown = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, typeof value === 'number' ? formatNumber(value) : value]),
  )
  const n = named['n']
  return typeof n === 'number' ? i18n.global.t(key, shown, n) : i18n.global.t(key, shown)
}
