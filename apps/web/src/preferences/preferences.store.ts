import { defineStore } from 'pinia'
import { ref } from 'vue'
import { isLanguage, type Language, language } from '../i18n/language.ts'
import { switchLanguage } from '../i18n/switchLanguage.ts'
import { isTimeFormat, type TimeFormat, timeFormat } from '../i18n/timeFormat.ts'
import { isTheme, keepLanguage, showTheme, storedTheme, type Theme } from './theme.ts'

/** Theme, language and time format of this browser. The account's choices take precedence over the browser's. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Theme>(storedTheme())
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => showTheme(theme.value))

  function setTheme(wanted: Theme): void {
    theme.value = wanted
    showTheme(wanted)
  }
  /** Switches the language. Resolves when its texts are loaded. */
  async function setLanguage(wanted: Language): Promise<void> {
    await switchLanguage(wanted)
    keepLanguage(wanted)
  }
  /** Sets the time format, null for the language's default. */
  function setTimeFormat(wanted: TimeFormat | null): void {
    timeFormat.value = wanted
  }
  /** Applies the account's choices. */
  async function adopt(account: {
    theme: string | null
    language: string | null
    timeFormat: string | null
  }): Promise<void> {
    setTimeFormat(isTimeFormat(account.timeFormat) ? account.timeFormat : null)
    if (isTheme(account.theme) && account.theme !== theme.value) setTheme(account.theme)
    if (isLanguage(account.language) && account.language !== language.value) await setLanguage(account.language)
  }

  return { theme, language, timeFormat, setTheme, setLanguage, setTimeFormat, adopt }
})
