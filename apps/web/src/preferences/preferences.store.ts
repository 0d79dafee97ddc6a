import { defineStore } from 'pinia'
import { ref } from 'vue'
import { isLanguage, type Language, language } from '../i18n/language.ts'
import { speak } from '../i18n/speak.ts'
import { isTimeFormat, type TimeFormat, timeFormat } from '../i18n/timeFormat.ts'
import { isTheme, keepLanguage, showTheme, storedTheme, type Theme } from './theme.ts'

/** How this browser shows the console: theme, language and time format. What the account says goes before what the browser remembers. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Theme>(storedTheme())
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => showTheme(theme.value))

  /** Shows a theme here. */
  function setTheme(wanted: Theme): void {
    theme.value = wanted
    showTheme(wanted)
  }
  /** Shows the console in a language; resolves when its texts are there. */
  async function setLanguage(wanted: Language): Promise<void> {
    await speak(wanted)
    keepLanguage(wanted)
  }
  /** Tells times so; null: as the language has it. */
  function setTimeFormat(wanted: TimeFormat | null): void {
    timeFormat.value = wanted
  }
  /** Takes over what the account has chosen, where it has. */
  async function adopt(account: { theme: string | null; language: string | null; timeFormat: string | null }): Promise<void> {
    setTimeFormat(isTimeFormat(account.timeFormat) ? account.timeFormat : null)
    if (isTheme(account.theme) && account.theme !== theme.value) setTheme(account.theme)
    if (isLanguage(account.language) && account.language !== language.value) await setLanguage(account.language)
  }

  return { theme, language, timeFormat, setTheme, setLanguage, setTimeFormat, adopt }
})
