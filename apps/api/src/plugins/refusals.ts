import { fieldIssue, REFUSAL_STATUS, type Refusal, sentence } from '@roster/domain'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { retryAfter } from '../call/retryAfter.ts'
import { TRPC_CODE } from '../trpc.ts'

/**
 * A refusal in the shape of tRPC's errors, for requests that never reach tRPC. A client that batches takes it as the
 * answer to each call of the batch.
 */
export function refusalBody(refusal: Refusal, requestId: string) {
  const httpStatus = REFUSAL_STATUS[refusal.code]
  const code = TRPC_CODE[httpStatus]
  return {
    error: {
      message: sentence(refusal),
      code: TRPC_ERROR_CODES_BY_KEY[code],
      data: { code, httpStatus, refusal, requestId },
    },
  }
}

/** Answers with a refusal, which no cache may store. */
export function answerRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const seconds = retryAfter(refusal)
  if (seconds !== undefined) reply.header('retry-after', seconds)
  return reply
    .code(REFUSAL_STATUS[refusal.code])
    .header('cache-control', 'no-store')
    .send(refusalBody(refusal, request.id))
}

/** Answers an address that can't be decoded. None of our hooks sees such a request. */
export function answerInvalidUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  answerRefusal(request, reply.header('x-content-type-options', 'nosniff'), toRefusal(error, request))
}

/** Turns a Fastify error into a refusal: a body too large, an unknown content type, a path that can't be decoded. */
function toRefusal(error: FastifyError, request: FastifyRequest): Refusal {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { code: 'TOO_LARGE', details: { limit: request.routeOptions.bodyLimit } }
  // No procedure's name is that long.
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return { code: 'NOT_FOUND', details: { what: 'procedure' } }
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return { code: 'INTERNAL_ERROR', details: { requestId: request.id } }
  return { code: 'BAD_INPUT', details: { issues: [fieldIssue([], 'UNREADABLE_REQUEST')] } }
}

/** Gives every error outside of procedures the shape of a refusal. Details of unexpected errors go to the log only. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = toRefusal(error, request)
    if (refusal.code === 'INTERNAL_ERROR') request.log.error({ reqId: request.id, err: error }, 'unexpected error')
    return answerRefusal(request, reply, refusal)
  })
}
