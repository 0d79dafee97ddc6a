import * as z from 'zod'
import { problem } from './fieldProblem.ts'

export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 256

/** A new password: 8 to 256 characters, any. Whether it is common or the username is asked on the server, where the list is. */
export const newPassword = z
  .string({ error: problem('REQUIRED_PASSWORD') })
  .refine((text) => [...text].length >= PASSWORD_MIN, { error: problem('TOO_SHORT', { min: PASSWORD_MIN }) })
  .refine((text) => [...text].length <= PASSWORD_MAX && text.length <= PASSWORD_MAX * 2, { error: problem('TOO_LONG', { max: PASSWORD_MAX }) })

/** A password as typed to sign in: only bounded, so that the answer to a wrong one is always the same. */
export const typedPassword = z
  .string({ error: problem('REQUIRED_OWN_PASSWORD') })
  .min(1, { error: problem('REQUIRED_OWN_PASSWORD') })
  .max(PASSWORD_MAX * 2, { error: problem('TOO_LONG', { max: PASSWORD_MAX }) })

const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A random password of 20 letters and digits (over 110 bits), or of `least` where more are asked for; without those that look alike. */
export function generatePassword(least = 0): string {
  const length = Math.max(20, least)
  const out: string[] = []
  while (out.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // Refusing the uneven rest keeps every character equally likely.
      if (byte < ALPHABET.length * Math.floor(256 / ALPHABET.length) && out.length < length) out.push(ALPHABET[byte % ALPHABET.length] ?? '')
    }
  }
  return out.join('')
}

/** Passwords of one's own name are refused: compared without case. */
export function isOwnName(password: string, username: string): boolean {
  return password.toLowerCase() === username.toLowerCase()
}
