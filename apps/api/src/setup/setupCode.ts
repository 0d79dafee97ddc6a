import { randomBytes, timingSafeEqual } from 'node:crypto'
import { commit, type Database, hasUsers, lockInstance } from '@roster/db'
import { hashToken } from '../session/adapter.ts'

/**
 * Creates a one-time setup code of 128 bits while the instance has no user; null once it has one. Stores only the hash.
 * A later start replaces the code.
 */
export async function newSetupCode(db: Pick<Database, 'prisma'>): Promise<string | null> {
  const code = randomBytes(16).toString('base64url')
  const isStored = await commit({ db }, {}, async ({ tx }) => {
    await lockInstance(tx)
    if (await hasUsers(tx)) return false
    await tx.instance.update({ where: { id: 1 }, data: { setupCodeHash: hashToken(code) }, select: { id: true } })
    return true
  })
  return isStored ? code : null
}

/** Whether a code matches the stored hash. Compares in constant time. */
export function matchesSetupCode(typed: string, stored: Uint8Array | null): boolean {
  return stored !== null && timingSafeEqual(hashToken(typed), stored)
}
