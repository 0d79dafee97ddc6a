import { randomBytes } from 'node:crypto'
import { hashToken } from '../session/adapter.ts'

/**
 * Creates an invitation's token, as a hash to store and a path to show once. The token is in the URL fragment, which
 * browsers never send.
 */
export function newInvitationToken(days: number): { tokenHash: Buffer<ArrayBuffer>; path: string; expiresAt: Date } {
  const token = randomBytes(32).toString('base64url')
  return {
    tokenHash: hashToken(token),
    path: `/invitation#${token}`,
    expiresAt: new Date(Date.now() + days * 24 * 60 * 60 * 1000),
  }
}
