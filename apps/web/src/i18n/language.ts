import { LANGUAGES } from '@roster/domain'
import { ref } from 'vue'

export type Language = (typeof LANGUAGES)[number]

/** Each language in its own words, as one looks for it in a list. */
export const LANGUAGE_NAME = { en: 'English', de: 'Deutsch' } as const satisfies Record<Language, string>

/** Whether this is a language the console speaks. */
export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((each) => each === value)
}

const fromPage = document.documentElement.lang

/** The language shown now; theme.js has put the stored or the browser's one on the page before anything ran. */
export const language = ref<Language>(isLanguage(fromPage) ? fromPage : 'en')
