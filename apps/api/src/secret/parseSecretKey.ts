/** Parses a 32-byte key from base64 or hexadecimal text; null when it is invalid. */
export function parseSecretKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/iu.test(text)) return Buffer.from(text, 'hex')
  const key = /^[A-Za-z0-9+/_-]{43}=?$/u.test(text) ? Buffer.from(text, 'base64') : null
  return key?.length === 32 ? key : null
}
