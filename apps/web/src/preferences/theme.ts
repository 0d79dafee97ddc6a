import { THEMES } from '@roster/domain'

export type Theme = (typeof THEMES)[number]

/** Names of what is kept in the browser; public/theme.js reads the same before the first paint. */
const THEME_KEY = 'roster-theme'
const LANGUAGE_KEY = 'roster-language'

/** Whether this is a theme. */
export function isTheme(value: unknown): value is Theme {
  return THEMES.some((each) => each === value)
}

/** The theme chosen in this browser. */
export function storedTheme(): Theme {
  const stored = read(THEME_KEY)
  return isTheme(stored) ? stored : 'system'
}

/** Shows a theme and keeps it for the next visit. */
export function showTheme(theme: Theme): void {
  write(THEME_KEY, theme)
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#18181b' : '#ffffff')
}

/** Keeps the language for the next visit's first paint. */
export function keepLanguage(language: string): void {
  write(LANGUAGE_KEY, language)
}

// A browser may forbid storage; the choice then lasts as long as the page.
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
