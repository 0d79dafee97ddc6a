import type { Same } from '../i18n/shape.ts'
import type { userEn } from './user.en.ts'

/** Texts of the capability, in German. */
export const userDe: Same<typeof userEn> = { title: 'Benutzer' }
