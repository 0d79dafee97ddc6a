import type { Theme } from '../preferences/theme.ts'

export const THEME_ICON = {
  system: 'i-lucide-monitor',
  light: 'i-lucide-sun',
  dark: 'i-lucide-moon',
} as const satisfies Record<Theme, string>
