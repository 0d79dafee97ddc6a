import {
  type Database,
  deleteExpiredMembers,
  findWorkspacesWithExpiredMembers,
  inTransaction,
  recordChange,
} from '@roster/db'
import { INVALIDATES } from '@roster/domain'

const SYSTEM = { actorId: null, actorName: null, through: 'system', throughId: null, address: null } as const

/**
 * Audits and deletes expired memberships, and publishes the change. Reads already ignore an expired membership, so no
 * access depends on this job. Several nodes may run it at once. Returns the number of memberships.
 */
export async function expireMemberships({ prisma }: Pick<Database, 'prisma'>): Promise<number> {
  let expired = 0
  for (const workspaceId of await inTransaction(prisma, findWorkspacesWithExpiredMembers)) {
    expired += await inTransaction(prisma, async (tx) => {
      const members = await deleteExpiredMembers(tx, workspaceId)
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
  return expired
}
