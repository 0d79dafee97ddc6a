import { REFUSAL_STATUS, type Refusal, sentence } from '@roster/domain'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TRPC_CODE } from '../trpc.ts'

/** A refusal in the shape that tRPC gives its errors, for what never reaches tRPC. A client of a batch takes it for each call of it. */
export function refusalBody(refusal: Refusal, requestId: string) {
  const httpStatus = REFUSAL_STATUS[refusal.code]
  const code = TRPC_CODE[httpStatus]
  return { error: { message: sentence(refusal), code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus, refusal, requestId } } }
}

/** Answer with a refusal, which nobody may keep. */
export function answerRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(REFUSAL_STATUS[refusal.code]).header('cache-control', 'no-store').send(refusalBody(refusal, request.id))
}

/** Answer an address that can't be decoded: no hook of ours sees such a request. */
export function answerBadAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  answerRefusal(request, reply.header('x-content-type-options', 'nosniff'), toRefusal(error, request))
}

/** What Fastify itself refuses (a body too large, a type we don't read, a path that can't be decoded), as a refusal of ours. */
function toRefusal(error: FastifyError, request: FastifyRequest): Refusal {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { code: 'TOO_LARGE', details: { limit: request.routeOptions.bodyLimit } }
  // No procedure's name is that long.
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return { code: 'NOT_FOUND', details: { what: 'procedure' } }
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return { code: 'INTERNAL_ERROR', details: { requestId: request.id } }
  return { code: 'BAD_INPUT', details: { issues: [{ path: [], rule: 'request', message: 'This request can’t be read.' }] } }
}

/** One shape for everything that is refused outside of procedures; details of what nobody expected go to the log alone. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = toRefusal(error, request)
    if (refusal.code === 'INTERNAL_ERROR') request.log.error({ reqId: request.id, err: error }, 'unexpected error')
    return answerRefusal(request, reply, refusal)
  })
}
