import { findRequest, type LockedWorkspace, settleRequest } from '@roster/db'
import { type RequestDecided, refuse, type requestDecide, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { Changing } from '../call/change.ts'
import { updateMembers } from '../member/updateMembers.ts'

type Acting = Changing<z.output<typeof requestDecide>> & { workspace: LockedWorkspace }

/**
 * Accept a request, with whom is meant, or decline it. Accepted, they come in as by a save of the members, in the same transaction. Of two who decide
 * at once, one does. @throws NOT_FOUND (request), REQUEST_DECIDED, and whatever a save of the members throws
 */
export async function decideRequest(changing: Acting): Promise<RequestDecided> {
  const { tx, actor, input, workspace, done } = changing
  const { workspaceId, requestId, decision } = input
  const expected = visibleScope(actor, 'user')
  const request = await findRequest(tx, expected, workspaceId, requestId)
  if (!request) throw refuse('NOT_FOUND', { what: 'request' })
  if (request.decided) throw refuse('REQUEST_DECIDED', request.decided)
  const userId = decision.kind === 'accept' ? decision.userId : null
  const saved = userId === null ? null : await updateMembers({ ...changing, input: { workspaceId, add: [userId], remove: [] } })
  if (!(await settleRequest(tx, requestId, actor.id, userId))) {
    const now = await findRequest(tx, expected, workspaceId, requestId)
    throw now?.decided ? refuse('REQUEST_DECIDED', now.decided) : refuse('NOT_FOUND', { what: 'request' })
  }
  const { organizationId } = workspace
  const target = { targetKind: 'request', targetId: requestId, notifies: request.requestedById, targetName: request.colleague } as const
  done({ ...target, organizationId, workspaceId, after: { accepted: userId !== null, added: userId === null ? [] : [userId] } })
  return { added: (saved?.added.length ?? 0) > 0 }
}
