import { isUnavailable } from '@roster/db'
import {
  type FieldIssue,
  fieldIssue,
  fieldIssues,
  type GuardedProcedure,
  type PublicProcedure,
  REFUSAL_STATUS,
  type Refusal,
  type RefusalCode,
  Refused,
  sentence,
} from '@roster/domain'
import { initTRPC, TRPCError } from '@trpc/server'
import * as z from 'zod'
import type { Context } from './call/context.ts'

/** The largest body of a call, in bytes: a membership save of 10,000 ids is about 800 kB of JSON. */
export const BODY_LIMIT = 2 * 1024 * 1024

/**
 * The largest body of a call that carries a CSV file of an import, in bytes: JSON writes some characters in two, and
 * UTF-8 in up to four.
 */
export const IMPORT_BODY_LIMIT = 16 * 1024 * 1024

/** The most calls in one request. */
export const MAX_BATCH = 10

/** tRPC's name of each status that a refusal can have. */
export const TRPC_CODE = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<(typeof REFUSAL_STATUS)[RefusalCode], TRPCError['code']>

/**
 * Turns any error into a refusal. An unknown error becomes `INTERNAL_ERROR` with the request's id; its details go to
 * the log only.
 */
export function toRefusal(error: unknown, requestId: string): Refusal {
  if (error instanceof Refused) return error.refusal
  if (error instanceof z.core.$ZodError) return { code: 'BAD_INPUT', details: { issues: fieldIssues(error) } }
  if (error instanceof TRPCError) {
    if (error.cause instanceof Refused || error.cause instanceof z.core.$ZodError)
      return toRefusal(error.cause, requestId)
    if (error.code === 'NOT_FOUND') return { code: 'NOT_FOUND', details: { what: 'procedure' } }
    const unreadable = whyUnreadable(error)
    if (unreadable) return { code: 'BAD_INPUT', details: { issues: [unreadable] } }
    if (error.code === 'PAYLOAD_TOO_LARGE') return { code: 'TOO_LARGE', details: { limit: BODY_LIMIT } }
    if (error.cause !== undefined && error.cause !== error) return toRefusal(error.cause, requestId)
  }
  if (isUnavailable(error)) return { code: 'DATABASE_UNAVAILABLE', details: {} }
  return { code: 'INTERNAL_ERROR', details: { requestId } }
}

/** Why tRPC could not read a request; undefined when it could. */
function whyUnreadable({ code, message }: TRPCError): FieldIssue | undefined {
  if (code === 'METHOD_NOT_SUPPORTED') return fieldIssue([], 'INVALID_METHOD')
  if (code === 'BAD_REQUEST' && message === 'Batch call exceeds maximum size')
    return fieldIssue([], 'BATCH_TOO_LARGE', { max: MAX_BATCH })
  if (code === 'PARSE_ERROR' || code === 'BAD_REQUEST' || code === 'UNSUPPORTED_MEDIA_TYPE')
    return fieldIssue([], 'UNREADABLE_REQUEST')
  return undefined
}

/** Wraps an error in a `TRPCError` with the refusal's status. The refusal travels as its cause. */
export function asTrpcError(error: unknown, requestId: string): TRPCError {
  const refusal = toRefusal(error, requestId)
  const refused = new Refused(refusal)
  return new TRPCError({ code: TRPC_CODE[REFUSAL_STATUS[refusal.code]], message: refused.message, cause: refused })
}

export const t = initTRPC
  .context<Context>()
  .meta<{ procedure: GuardedProcedure | PublicProcedure }>()
  .create({
    // The console makes its own sentence from `data.refusal`. The message never contains a stack.
    errorFormatter({ shape, error, ctx }) {
      const requestId = ctx?.requestId ?? ''
      const refusal = toRefusal(error, requestId)
      return {
        code: shape.code,
        message: sentence(refusal),
        data: {
          code: shape.data.code,
          httpStatus: REFUSAL_STATUS[refusal.code],
          path: shape.data.path ?? null,
          refusal,
          requestId,
        },
      }
    },
    sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
  })
