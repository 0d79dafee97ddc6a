import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A key that secrets are sealed with: 32 bytes. */
export type SecretKey = Buffer

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seal a secret (AES-256-GCM: nonce, tag, ciphertext); it opens only for what it was sealed for. */
export function seal(key: SecretKey, secret: Buffer | string, sealedFor: string): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(sealedFor))
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Open what was sealed. @throws when it was sealed with another key, for something else, or was altered */
export function unseal(key: SecretKey, sealed: Buffer, sealedFor: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(sealedFor)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}

const CHECK = 'roster'

/** The known text under a key: tells later whether a key is the same. */
export function sealKeyCheck(key: SecretKey): Buffer<ArrayBuffer> {
  return seal(key, CHECK, CHECK)
}

/** Whether a key is the one that a known text was sealed with. */
export function matchesKeyCheck(key: SecretKey, check: Buffer): boolean {
  try {
    return unseal(key, check, CHECK).toString() === CHECK
  } catch {
    return false
  }
}
