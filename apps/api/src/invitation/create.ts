import { randomUUIDv7 } from 'node:crypto'
import { insertInvitation, lockOrganization, lockWorkspacesToJoin } from '@roster/db'
import {
  authorize,
  emptyToNull,
  type InvitationCreated,
  type invitationCreate,
  refuse,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'
import { newInvitationToken } from './token.ts'

/**
 * Creates an invitation and returns its link, which is never shown again.
 * @throws NOT_FOUND (organization), CANNOT_GRANT, UNKNOWN_IDS and WORKSPACE_ARCHIVED (workspaces)
 */
export async function createInvitation({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof invitationCreate>>): Promise<InvitationCreated> {
  const { role, uses, note, days, workspaceIds = [] } = input
  const organization = await lockOrganization(
    tx,
    visibleScope(actor, 'user'),
    input.organizationId ?? actor.organizationId,
    'share',
  )
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  authorize(actor, 'role.grant', role)
  await lockWorkspacesToJoin(tx, visibleScope(actor, 'workspace'), organization.id, workspaceIds)
  const { tokenHash, path, expiresAt } = newInvitationToken(days)
  const id = randomUUIDv7()
  const invitation = {
    id,
    organizationId: organization.id,
    tokenHash,
    role,
    note: emptyToNull(note),
    uses,
    expiresAt,
    createdById: actor.id,
  }
  await insertInvitation(tx, invitation, workspaceIds)
  const after = { role, uses, workspaceIds, expiresAt: expiresAt.toISOString() }
  record({ organizationId: organization.id, targetKind: 'invitation', targetId: id, after })
  return { id, path, expiresAt: expiresAt.toISOString() }
}
