import { createHash, randomBytes } from 'node:crypto'
import { RECOVERY_CODES } from '@roster/domain'

// Leaves out characters that look alike.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 16

/** SHA-256 of a recovery code, bound to its user so that equal codes of two users have different hashes. */
export function hashRecoveryCode(userId: string, code: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(`${userId}:${code}`).digest())
}

function newCode(): string {
  const out: string[] = []
  while (out.length < LENGTH) {
    for (const byte of randomBytes(32)) {
      // Rejection sampling keeps every character equally likely.
      if (byte < ALPHABET.length * Math.floor(256 / ALPHABET.length) && out.length < LENGTH)
        out.push(ALPHABET[byte % ALPHABET.length] ?? '')
    }
  }
  return out.join('')
}

/** Generates recovery codes of 79 bits each, in groups of four, with their hashes. */
export function generateRecoveryCodes(userId: string): { codes: string[]; hashes: Buffer<ArrayBuffer>[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode)
  return {
    codes: codes.map((code) => code.replace(/(.{4})(?=.)/gu, '$1-')),
    hashes: codes.map((code) => hashRecoveryCode(userId, code)),
  }
}
