import { PASSWORD_MIN } from '@roster/domain'

let loading: Promise<ReadonlySet<string>> | undefined

/**
 * Common passwords of at least the minimum length, in lower case, from the list of zxcvbn-ts (MIT). Loaded on first
 * use: few calls set a password.
 */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= load()
  return loading
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const words = dictionary.passwords.map(String).filter((word) => word.length >= PASSWORD_MIN)
  return new Set(words.map((word) => word.toLowerCase()))
}
