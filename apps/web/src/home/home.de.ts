import type { Same } from '../i18n/shape.ts'
import type { homeEn } from './home.en.ts'

/** Texts in German. */
export const homeDe: Same<typeof homeEn> = { title: '' }
