import { finished } from 'node:stream'
import { refuse } from '@roster/domain'
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { actorOf, requireRole, requireSession } from '../call/authenticated.ts'
import { contextOf } from '../context.ts'
import { answerRefusal } from '../plugins/refusals.ts'
import type { Services } from '../services.ts'
import { BODY_LIMIT, toRefusal } from '../trpc.ts'

/** So many files of one person are read at once, on one node: each takes many times its size while it is. */
const FILES_OF_ONE = 3

/**
 * A file is read only of somebody who is signed in: to strangers no such body is worth its memory. One that is larger than any other call is read only of
 * whoever may import, and only a few of theirs at once.
 */
export function uploadGuard(services: Services): onRequestAsyncHookHandler {
  const reading = new Map<string, number>()
  return async (request, reply) => {
    try {
      const user = await requireSession(contextOf(services, request, reply, 1), 'import.preview')
      if (!mayBeLarge(request)) return
      requireRole(actorOf(user), 'import.preview')
      const { userId } = user
      const now = reading.get(userId) ?? 0
      if (now >= FILES_OF_ONE) throw refuse('BUSY', {})
      reading.set(userId, now + 1)
      finished(reply.raw, () => {
        const left = (reading.get(userId) ?? 1) - 1
        if (left > 0) reading.set(userId, left)
        else reading.delete(userId)
      })
    } catch (error) {
      return answerRefusal(request, reply, toRefusal(error, request.id))
    }
  }
}

/** Larger than any other call, or without saying how large it is. */
function mayBeLarge({ method, headers }: FastifyRequest): boolean {
  return method !== 'GET' && !(Number(headers['content-length']) <= BODY_LIMIT)
}
