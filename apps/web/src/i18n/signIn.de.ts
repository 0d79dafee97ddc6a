import { factorDe } from '../factor/factor.de.ts'
import { signInPageDe } from '../sign-in/signIn.de.ts'
import { commonDe } from './common.de.ts'
import type { Same } from './shape.ts'
import type { signInEn } from './signIn.en.ts'

/** The texts of the sign-in entry in German. */
export const signInDe: Same<typeof signInEn> = { common: commonDe, signIn: signInPageDe, factor: factorDe }
