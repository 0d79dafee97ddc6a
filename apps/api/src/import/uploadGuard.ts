import { finished } from 'node:stream'
import { authorize, refuse } from '@roster/domain'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { principalActor, requireSession } from '../call/authenticated.ts'
import { contextOf } from '../call/context.ts'
import { answerRefusal } from '../plugins/refusals.ts'
import type { Services } from '../server/services.ts'
import { BODY_LIMIT, toRefusal } from '../trpc.ts'

/** Concurrent large uploads of one user on one node. Parsing takes many times a file's size in memory. */
const UPLOADS_PER_USER = 3

/**
 * Rejects an upload before its body is read, which protects memory: anonymous requests get no body read at all. A body
 * above the usual limit requires the permission to import, and each user has few at a time.
 */
export function uploadGuard(services: Services): onRequestAsyncHookHandler {
  const uploads = new Map<string, number>()
  return async (request, reply) => {
    try {
      const user = await requireSession(contextOf(services, request, reply, 1), 'import.preview')
      if (!mayBeLarge(request)) return
      authorize(principalActor(user), 'user.import')
      const { userId } = user
      const count = uploads.get(userId) ?? 0
      if (count >= UPLOADS_PER_USER) throw refuse('BUSY', {})
      uploads.set(userId, count + 1)
      finished(reply.raw, () => {
        const left = (uploads.get(userId) ?? 1) - 1
        if (left > 0) uploads.set(userId, left)
        else uploads.delete(userId)
      })
    } catch (error) {
      return answerRefusal(request, reply, toRefusal(error, request.id))
    }
  }
}

/** Whether the body is above the usual limit, or has no declared length. */
function mayBeLarge({ method, headers }: FastifyRequest): boolean {
  return method !== 'GET' && !(Number(headers['content-length']) <= BODY_LIMIT)
}
