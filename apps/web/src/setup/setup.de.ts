import type { Same } from '../i18n/shape.ts'
import type { setupEn } from './setup.en.ts'

/** Texts in German. */
export const setupDe: Same<typeof setupEn> = { title: '' }
