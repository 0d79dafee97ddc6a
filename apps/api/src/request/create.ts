import { randomUUIDv7 } from 'node:crypto'
import { insertRequest, type LockedWorkspace, lockOpenRequests } from '@roster/db'
import { emptyToNull, REQUESTS_MAX, refuse, type requestCreate } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

type Creation = ChangeContext<z.output<typeof requestCreate>> & { workspace: LockedWorkspace }

/** Creates a request to add a colleague to a workspace. @throws WORKSPACE_ARCHIVED, TOO_MANY_REQUESTS */
export async function createRequest({ tx, actor, input, workspace, record }: Creation): Promise<{ id: string }> {
  const { id: workspaceId, organizationId } = workspace
  if (workspace.archivedAt) throw refuse('WORKSPACE_ARCHIVED', { name: workspace.name })
  if ((await lockOpenRequests(tx, actor.id)) >= REQUESTS_MAX) throw refuse('TOO_MANY_REQUESTS', { max: REQUESTS_MAX })
  const id = randomUUIDv7()
  await insertRequest(tx, {
    id,
    organizationId,
    workspaceId,
    requestedById: actor.id,
    colleague: input.colleague,
    note: emptyToNull(input.note),
  })
  record({
    organizationId,
    targetKind: 'request',
    targetId: id,
    notifies: actor.id,
    targetName: input.colleague,
    workspaceId,
  })
  return { id }
}
