import type { Same } from '../i18n/shape.ts'
import type { memberEn } from './member.en.ts'

/** Texts of the capability, in German. */
export const memberDe: Same<typeof memberEn> = { title: 'Mitglieder' }
