import { anonymizeOrganization, endOrganizationSessions, type LockedOrganization } from '@roster/db'
import { type organizationDelete, refuse } from '@roster/domain'
import type * as z from 'zod'
import { newBatchId } from '../call/batchId.ts'
import type { ChangeContext } from '../call/change.ts'

/**
 * Deletes an organization with its users, workspaces, memberships and invitations. The audit log stays.
 * @throws CONFIRMATION_MISMATCH
 */
export async function deleteOrganization({
  tx,
  actor,
  by,
  input,
  organization,
  record,
}: ChangeContext<z.output<typeof organizationDelete>> & { organization: LockedOrganization }): Promise<{
  users: number
  workspaces: number
}> {
  const { id, name } = organization
  if (input.confirmation !== name) throw refuse('CONFIRMATION_MISMATCH', { expected: name })
  await endOrganizationSessions(tx, id, 'deleted', actor.id)
  const batchId = newBatchId()
  const deleted = await anonymizeOrganization(tx, id, by, batchId)
  record({
    organizationId: id,
    targetKind: 'organization',
    targetId: id,
    targetName: name,
    batchId,
    before: { name, users: deleted.users },
    after: { status: 'deleted' },
  })
  return deleted
}
