import * as z from 'zod'
import { problem } from '../refusal/fieldProblem.ts'

export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 256

/**
 * A new password: 8 to 256 characters of any kind. The server, which has the list, refuses common passwords and the
 * username.
 */
export const newPassword = z
  .string({ error: problem('REQUIRED_PASSWORD') })
  .refine((text) => [...text].length >= PASSWORD_MIN, { error: problem('TOO_SHORT', { min: PASSWORD_MIN }) })
  .refine((text) => [...text].length <= PASSWORD_MAX && text.length <= PASSWORD_MAX * 2, {
    error: problem('TOO_LONG', { max: PASSWORD_MAX }),
  })

/** A password typed to sign in. Only its length is checked, so every wrong one gets the same answer. */
export const typedPassword = z
  .string({ error: problem('REQUIRED_OWN_PASSWORD') })
  .min(1, { error: problem('REQUIRED_OWN_PASSWORD') })
  .max(PASSWORD_MAX * 2, { error: problem('TOO_LONG', { max: PASSWORD_MAX }) })

const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * Generates a password of 20 letters and digits (over 110 bits), or of `min` if that is more. It has no characters that
 * look alike.
 */
export function generatePassword(min = 0): string {
  const length = Math.max(20, min)
  const out: string[] = []
  while (out.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // Bytes above the largest multiple are skipped, so that every character is equally likely.
      if (byte < ALPHABET.length * Math.floor(256 / ALPHABET.length) && out.length < length)
        out.push(ALPHABET[byte % ALPHABET.length] ?? '')
    }
  }
  return out.join('')
}

/** Whether a password is the user's own username, ignoring case. */
export function isOwnName(password: string, username: string): boolean {
  return password.toLowerCase() === username.toLowerCase()
}
