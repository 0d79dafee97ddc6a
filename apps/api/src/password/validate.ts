import type { PasswordRules } from '@roster/db'
import { isOwnName, refuse } from '@roster/domain'
import { commonPasswords } from './commonPasswords.ts'

/**
 * Refuses a new password that is too short for the security policies, common, or equal to the username.
 * @throws PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export async function validatePassword(
  { passwordMin }: PasswordRules,
  password: string,
  username: string,
): Promise<void> {
  if ([...password].length < passwordMin) throw refuse('PASSWORD_TOO_SHORT', { min: passwordMin })
  if (isOwnName(password, username)) throw refuse('PASSWORD_IS_USERNAME', {})
  if ((await commonPasswords()).has(password.toLowerCase())) throw refuse('PASSWORD_COMMON', {})
}

/**
 * Refuses a first password without a required change where the security policies want one.
 * @throws FIRST_CHANGE_REQUIRED
 */
export function validateFirstPassword({ changeAtFirstSignIn }: PasswordRules, changeRequired: boolean): void {
  if (changeAtFirstSignIn && !changeRequired) throw refuse('FIRST_CHANGE_REQUIRED', {})
}
