import { withdrawRequest as withdraw } from '@roster/db'
import { type onRequest, refuse } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

/** Withdraws an open request of the actor. @throws NOT_FOUND when it is missing, decided, or another user's */
export async function withdrawRequest({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof onRequest>>): Promise<{ withdrawn: true }> {
  const request = await withdraw(tx, input.requestId, actor.id)
  if (!request) throw refuse('NOT_FOUND', { what: 'request' })
  const { organizationId, workspaceId, colleague } = request
  record({
    organizationId,
    targetKind: 'request',
    targetId: input.requestId,
    notifies: actor.id,
    targetName: colleague,
    workspaceId,
  })
  return { withdrawn: true }
}
