import { isOwnName, PASSWORD_MIN, refuse } from '@roster/domain'
import { dictionary } from '@zxcvbn-ts/language-common'

/** The commonest passwords that are long enough to be typed here at all. Source: the list of zxcvbn-ts (MIT). */
const COMMON: ReadonlySet<string> = new Set(
  dictionary.passwords.filter((word) => String(word).length >= PASSWORD_MIN).map((word) => String(word).toLowerCase()),
)

/** Refuse a new password that is one of the commonest, or the username. @throws PASSWORD_COMMON, PASSWORD_IS_USERNAME */
export function acceptPassword(password: string, username: string): void {
  if (isOwnName(password, username)) throw refuse('PASSWORD_IS_USERNAME', {})
  if (COMMON.has(password.toLowerCase())) throw refuse('PASSWORD_COMMON', {})
}
