import { CHALLENGE_LIFETIME_MS, refuse } from '@roster/domain'
import { openSecret, sealSecret } from '../secret/secrets.ts'
import type { Services } from '../server/services.ts'
import type { Principal } from '../session/resolveSession.ts'

type Owner = Pick<Principal, 'userId' | 'sessionId'>
const sealedFor = ({ userId, sessionId }: Owner): string => `totp-begun:${userId}:${sessionId}`

/**
 * Seals an unconfirmed TOTP secret for the session that requested it. The server stores nothing until the first code
 * arrives.
 */
export function totpTicket(services: Pick<Services, 'secretKey'>, owner: Owner, secret: string): string {
  return sealSecret(services, `${Date.now() + CHALLENGE_LIFETIME_MS} ${secret}`, sealedFor(owner)).toString('base64url')
}

/**
 * Opens a ticket and returns its secret.
 * @throws CHALLENGE_EXPIRED when it is expired, invalid, or from another
 * session
 */
export function openTotpTicket(services: Pick<Services, 'secretKey'>, owner: Owner, ticket: string): string {
  const [expiresAt, secret] = unsealed(services, owner, ticket).split(' ')
  if (!secret || Number(expiresAt) < Date.now()) throw refuse('CHALLENGE_EXPIRED', {})
  return secret
}

function unsealed(services: Pick<Services, 'secretKey'>, owner: Owner, ticket: string): string {
  try {
    return openSecret(services, Buffer.from(ticket, 'base64url'), sealedFor(owner))
  } catch {
    throw refuse('CHALLENGE_EXPIRED', {})
  }
}
