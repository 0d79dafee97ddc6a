import { clearEnded, type Database, inTransaction, recordChange, workspacesWithEnded } from '@roster/db'
import { INVALIDATES } from '@roster/domain'

const SYSTEM = { actorId: null, actorName: null, through: 'system', throughId: null, address: null } as const

/**
 * Write down the memberships that have ended by themselves, tell the open consoles, and clear them away. Access ended at the instant itself, wherever it is
 * read; this only makes it history. Any number of nodes may do so at once. Gives how many there were.
 */
export async function expireMemberships({ prisma }: Pick<Database, 'prisma'>): Promise<number> {
  let ended = 0
  for (const workspaceId of await inTransaction(prisma, workspacesWithEnded)) {
    ended += await inTransaction(prisma, async (tx) => {
      const members = await clearEnded(tx, workspaceId)
      const entries = members.map(({ organizationId, userId, username, expiresAt }) => ({
        organizationId,
        targetKind: 'user' as const,
        targetId: userId,
        targetName: username,
        workspaceId,
        before: { expiresAt: expiresAt.toISOString() },
      }))
      await recordChange(tx, SYSTEM, 'member.expired', entries, INVALIDATES['member.setExpiry'])
      return members.length
    })
  }
  return ended
}
