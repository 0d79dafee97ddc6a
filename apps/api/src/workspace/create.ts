import { randomUUIDv7 } from 'node:crypto'
import { addToWorkspaces, insertWorkspace, lockOrganization } from '@roster/db'
import { refuse, visibleScope, type WorkspaceRow, type workspaceCreate } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

/**
 * Creates a workspace in the actor's organization or another visible one. Under assigned scope the actor becomes its
 * first member.
 * @throws NOT_FOUND (organization), NAME_TAKEN
 */
export async function createWorkspace({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof workspaceCreate>>): Promise<WorkspaceRow> {
  const { name } = input
  const scope = visibleScope(actor, 'workspace')
  const organization = await lockOrganization(tx, scope, input.organizationId ?? actor.organizationId, 'share')
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  const id = randomUUIDv7()
  const organizationId = organization.id
  const createdAt = await insertWorkspace(tx, { id, organizationId, name, createdById: actor.id })
  if (!createdAt) throw refuse('NAME_TAKEN', { what: 'workspace', name })
  const assigned = scope.kind === 'assigned'
  if (assigned) await addToWorkspaces(tx, { organizationId, userId: actor.id, addedById: actor.id }, [id])
  const memberCount = assigned ? 1 : 0
  record({
    organizationId,
    targetKind: 'workspace',
    targetId: id,
    targetName: name,
    workspaceId: id,
    after: { name, memberCount },
  })
  return {
    id,
    organizationId,
    name,
    archivedAt: null,
    createdAt: createdAt.toISOString(),
    memberCount,
    assigned,
    expiresAt: null,
  }
}
