import { createHash, randomBytes } from 'node:crypto'
import { RECOVERY_CODES } from '@roster/domain'

// Without those that look alike.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 16

/** What the database keeps of a recovery code; the same code of two people is kept as two different things. */
export function hashRecoveryCode(userId: string, code: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(`${userId}:${code}`).digest())
}

function newCode(): string {
  const out: string[] = []
  while (out.length < LENGTH) {
    for (const byte of randomBytes(32)) {
      // Refusing the uneven rest keeps every character equally likely.
      if (byte < ALPHABET.length * Math.floor(256 / ALPHABET.length) && out.length < LENGTH) out.push(ALPHABET[byte % ALPHABET.length] ?? '')
    }
  }
  return out.join('')
}

/** New recovery codes (79 bits each) as they are shown, in groups of four, and their hashes. */
export function generateRecoveryCodes(userId: string): { codes: string[]; hashes: Buffer<ArrayBuffer>[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode)
  return { codes: codes.map((code) => code.replace(/(.{4})(?=.)/gu, '$1-')), hashes: codes.map((code) => hashRecoveryCode(userId, code)) }
}
