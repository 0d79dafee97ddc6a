import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type Database, hasUsers, inTransaction, lockInstance } from '@roster/db'
import { hashToken } from '../session/adapter.ts'

/**
 * A new one-time setup code of 128 bits while the instance has no user at all, null once it has. Only its hash is stored; the caller shows the code.
 * The newest start's code is the one that counts.
 */
export async function newSetupCode({ prisma }: Pick<Database, 'prisma'>): Promise<string | null> {
  const code = randomBytes(16).toString('base64url')
  const made = await inTransaction(prisma, async (tx) => {
    await lockInstance(tx)
    if (await hasUsers(tx)) return false
    await tx.instance.update({ where: { id: 1 }, data: { setupCodeHash: hashToken(code) }, select: { id: true } })
    return true
  })
  return made ? code : null
}

/** Whether a typed code is the one whose hash is stored; in constant time. */
export function matchesSetupCode(typed: string, stored: Uint8Array | null): boolean {
  return stored !== null && timingSafeEqual(hashToken(typed), stored)
}
