import type { PasswordRules } from '@roster/db'
import { isOwnName, PASSWORD_MIN, refuse } from '@roster/domain'
import { dictionary } from '@zxcvbn-ts/language-common'

/** The commonest passwords that are long enough to be typed here at all. Source: the list of zxcvbn-ts (MIT). */
const COMMON: ReadonlySet<string> = new Set(
  dictionary.passwords.filter((word) => String(word).length >= PASSWORD_MIN).map((word) => String(word).toLowerCase()),
)

/** How many passwords are refused for being common, and whose list it is. */
export const COMMON_PASSWORDS = { count: COMMON.size, source: 'zxcvbn-ts' } as const

/**
 * Refuse a new password that is shorter than the security policies ask, one of the commonest, or the username.
 * @throws PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export function validatePassword({ passwordMin }: PasswordRules, password: string, username: string): void {
  if ([...password].length < passwordMin) throw refuse('PASSWORD_TOO_SHORT', { min: passwordMin })
  if (isOwnName(password, username)) throw refuse('PASSWORD_IS_USERNAME', {})
  if (COMMON.has(password.toLowerCase())) throw refuse('PASSWORD_COMMON', {})
}

/** Refuse a first password that need not be replaced where the security policies want that. @throws FIRST_CHANGE_REQUIRED */
export function validateFirstPassword({ changeAtFirstSignIn }: PasswordRules, changeRequired: boolean): void {
  if (changeAtFirstSignIn && !changeRequired) throw refuse('FIRST_CHANGE_REQUIRED', {})
}
