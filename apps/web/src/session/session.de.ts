import type { Same } from '../i18n/shape.ts'
import type { sessionEn } from './session.en.ts'

/** Texts in German. */
export const sessionDe: Same<typeof sessionEn> = { title: '' }
