import type { PasswordRules } from '@roster/db'
import { isOwnName, PASSWORD_MIN, refuse } from '@roster/domain'
import { dictionary } from '@zxcvbn-ts/language-common'

/** Common passwords of at least the minimum length, in lower case. Source: the list of zxcvbn-ts (MIT). */
const COMMON: ReadonlySet<string> = new Set(
  dictionary.passwords.filter((word) => String(word).length >= PASSWORD_MIN).map((word) => String(word).toLowerCase()),
)

/** Size and source of the list of common passwords. */
export const COMMON_PASSWORDS = { count: COMMON.size, source: 'zxcvbn-ts' } as const

/**
 * Refuses a new password that is too short for the security policies, common, or equal to the username.
 * @throws PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export function validatePassword({ passwordMin }: PasswordRules, password: string, username: string): void {
  if ([...password].length < passwordMin) throw refuse('PASSWORD_TOO_SHORT', { min: passwordMin })
  if (isOwnName(password, username)) throw refuse('PASSWORD_IS_USERNAME', {})
  if (COMMON.has(password.toLowerCase())) throw refuse('PASSWORD_COMMON', {})
}

/**
 * Refuses a first password without a required change where the security policies want one.
 * @throws
 * FIRST_CHANGE_REQUIRED
 */
export function validateFirstPassword({ changeAtFirstSignIn }: PasswordRules, changeRequired: boolean): void {
  if (changeAtFirstSignIn && !changeRequired) throw refuse('FIRST_CHANGE_REQUIRED', {})
}
