import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** The 32-byte key that encrypts secrets. */
export type SecretKey = Buffer

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts a secret with AES-256-GCM (nonce, tag, ciphertext). `sealedFor` is authenticated, so a copied value does not
 * open elsewhere.
 */
export function seal(key: SecretKey, secret: Buffer | string, sealedFor: string): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(sealedFor))
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Decrypts a sealed secret. @throws when the key or `sealedFor` differs, or the value was altered */
export function unseal(key: SecretKey, sealed: Buffer, sealedFor: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(sealedFor)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}

const CHECK = 'roster'

/** Encrypts a known text, by which a later start recognizes the same key. */
export function sealKeyCheck(key: SecretKey): Buffer<ArrayBuffer> {
  return seal(key, CHECK, CHECK)
}

/** Whether a key check was sealed with this key. */
export function matchesKeyCheck(key: SecretKey, check: Buffer): boolean {
  try {
    return unseal(key, check, CHECK).toString() === CHECK
  } catch {
    return false
  }
}
