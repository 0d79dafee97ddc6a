import { defineStore } from 'pinia'
import { ref } from 'vue'
import { isLanguage, type Language, language } from '../i18n/language.ts'
import { speak } from '../i18n/speak.ts'
import { isTheme, keepLanguage, showTheme, storedTheme, type Theme } from './theme.ts'

/** How this browser shows the console: theme and language. What the account says goes before what the browser remembers. */
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
  /** Takes over what the account has chosen, where it has. */
  async function adopt(account: { theme: string | null; language: string | null }): Promise<void> {
    if (isTheme(account.theme) && account.theme !== theme.value) setTheme(account.theme)
    if (isLanguage(account.language) && account.language !== language.value) await setLanguage(account.language)
  }

  return { theme, language, setTheme, setLanguage, adopt }
})
