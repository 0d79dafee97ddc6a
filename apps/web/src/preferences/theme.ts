import { THEMES } from '@roster/domain'

export type Theme = (typeof THEMES)[number]

/** Local storage keys. public/theme.js reads the same keys before the first paint. */
const THEME_KEY = 'roster-theme'
const LANGUAGE_KEY = 'roster-language'

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value)
}

/** The theme chosen in this browser. */
export function storedTheme(): Theme {
  const stored = read(THEME_KEY)
  return isTheme(stored) ? stored : 'system'
}

/** Applies a theme and stores it for the next visit. */
export function showTheme(theme: Theme): void {
  write(THEME_KEY, theme)
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#18181b' : '#ffffff')
}

/** Stores the language for the next visit's first paint. */
export function keepLanguage(language: string): void {
  write(LANGUAGE_KEY, language)
}

// A browser may forbid storage. Then the choice lasts as long as the page.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    return
  }
}
