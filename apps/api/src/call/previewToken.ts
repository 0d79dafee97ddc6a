import { createHmac } from 'node:crypto'

/** A token that binds a call to its preview: an HMAC over what the preview decided by. It changes with any part. */
export function previewToken(hmacKey: Buffer, subject: unknown, rows: readonly unknown[]): string {
  const hmac = createHmac('sha256', hmacKey).update(JSON.stringify(subject))
  for (const row of rows) hmac.update(JSON.stringify(row))
  return hmac.digest('base64url')
}
