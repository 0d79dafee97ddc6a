import { LANGUAGES } from '@roster/domain'
import { ref } from 'vue'

export type Language = (typeof LANGUAGES)[number]

/** The name of each language in that language. */
export const LANGUAGE_NAME = { en: 'English', de: 'Deutsch' } as const satisfies Record<Language, string>

/** Whether a value is a language of the console. */
export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((each) => each === value)
}

const fromPage = document.documentElement.lang

/** The present language. theme.js has set the stored or the browser's language on the page before. */
export const language = ref<Language>(isLanguage(fromPage) ? fromPage : 'en')
