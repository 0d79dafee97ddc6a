import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { revokeLinks, type Transaction } from '@roster/db'
import { type CreatedLink, LINK_LIFETIME_MS } from '@roster/domain'
import { hashToken } from '../session/adapter.ts'

/**
 * Creates a user's one-time link and revokes earlier ones. The token is shown once, in the URL fragment, which browsers
 * never send.
 */
export async function createLink(
  tx: Transaction,
  userId: string,
  organizationId: string,
  createdById: string | null,
): Promise<CreatedLink & { id: string }> {
  const token = randomBytes(32).toString('base64url')
  const id = randomUUIDv7()
  const expiresAt = new Date(Date.now() + LINK_LIFETIME_MS)
  await revokeLinks(tx, [userId])
  await tx.link.create({
    data: { id, organizationId, userId, tokenHash: hashToken(token), createdById, expiresAt },
    select: { id: true },
  })
  return { id, path: `/link#${token}`, expiresAt: expiresAt.toISOString() }
}
