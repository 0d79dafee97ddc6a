import type { Same } from '../i18n/shape.ts'
import type { signInPageEn } from './signIn.en.ts'

/** The small entry's texts in German. */
export const signInPageDe: Same<typeof signInPageEn> = { title: 'Anmelden' }
