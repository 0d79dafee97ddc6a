import { commit, deleteExpiredMembers, findWorkspacesWithExpiredMembers, type Writer } from '@roster/db'

const SYSTEM = { actorId: null, actorName: null, through: 'system', throughId: null, address: null } as const

/**
 * Audits and deletes expired memberships, and publishes the change. Reads already ignore an expired membership, so no
 * access depends on this job. Several nodes may run it at once. Returns the number of memberships.
 */
export async function expireMemberships(writer: Writer): Promise<number> {
  let expired = 0
  for (const workspaceId of await findWorkspacesWithExpiredMembers(writer.db.prisma)) {
    expired += await commit(writer, {}, async ({ tx, record }) => {
      const members = await deleteExpiredMembers(tx, workspaceId)
      const entries = members.map(({ organizationId, userId, username, expiresAt }) => ({
        organizationId,
        targetKind: 'user' as const,
        targetId: userId,
        targetName: username,
        workspaceId,
        before: { expiresAt: expiresAt.toISOString() },
      }))
      record(SYSTEM, 'member.expired', ...entries)
      return members.length
    })
  }
  return expired
}
