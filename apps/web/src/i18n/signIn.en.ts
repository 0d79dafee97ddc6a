import { factorEn } from '../factor/factor.en.ts'
import { signInPageEn } from '../sign-in/signIn.en.ts'
import { commonEn } from './common.en.ts'

/** The texts of the sign-in entry: sign-in, setup and links. */
export const signInEn = { common: commonEn, signIn: signInPageEn, factor: factorEn }
