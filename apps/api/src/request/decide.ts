import { closeRequest, findRequest, type LockedWorkspace } from '@roster/db'
import { type RequestDecided, refuse, type requestDecide, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'
import { updateMembers } from '../member/updateMembers.ts'

type Decision = ChangeContext<z.output<typeof requestDecide>> & { workspace: LockedWorkspace }

/**
 * Accepts a request with the user to add, or declines it. An acceptance adds the member in the same transaction. One of
 * two concurrent decisions wins.
 * @throws NOT_FOUND (request), REQUEST_DECIDED, and all of `updateMembers`
 */
export async function decideRequest(changing: Decision): Promise<RequestDecided> {
  const { tx, actor, input, workspace, record } = changing
  const { workspaceId, requestId, decision } = input
  const scope = visibleScope(actor, 'user')
  const request = await findRequest(tx, scope, workspaceId, requestId)
  if (!request) throw refuse('NOT_FOUND', { what: 'request' })
  if (request.decided) throw refuse('REQUEST_DECIDED', request.decided)
  const userId = decision.kind === 'accept' ? decision.userId : null
  const saved =
    userId === null
      ? null
      : await updateMembers({
          ...changing,
          input: { workspaceId, add: { ids: [userId], matching: [], except: [] }, remove: [] },
        })
  if (!(await closeRequest(tx, requestId, actor.id, userId))) {
    const current = await findRequest(tx, scope, workspaceId, requestId)
    throw current?.decided ? refuse('REQUEST_DECIDED', current.decided) : refuse('NOT_FOUND', { what: 'request' })
  }
  const { organizationId } = workspace
  const target = {
    targetKind: 'request',
    targetId: requestId,
    notifies: request.requestedById,
    targetName: request.colleague,
  } as const
  record({
    ...target,
    organizationId,
    workspaceId,
    after: { accepted: userId !== null, added: userId === null ? [] : [userId] },
  })
  return { added: (saved?.added.length ?? 0) > 0 }
}
