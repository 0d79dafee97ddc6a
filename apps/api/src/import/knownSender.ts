import type { onRequestAsyncHookHandler } from 'fastify'
import { requireSession } from '../call/authenticated.ts'
import { contextOf } from '../context.ts'
import { answerRefusal } from '../plugins/refusals.ts'
import type { Services } from '../services.ts'
import { toRefusal } from '../trpc.ts'

/** A file is read only of somebody who is signed in: to strangers no such body is worth its memory. */
export function knownSender(services: Services): onRequestAsyncHookHandler {
  return async (request, reply) => {
    try {
      await requireSession(contextOf(services, request, reply, 1), 'import.look')
    } catch (error) {
      return answerRefusal(request, reply, toRefusal(error, request.id))
    }
  }
}
