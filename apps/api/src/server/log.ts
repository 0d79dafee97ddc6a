import type { FastifyBaseLogger } from 'fastify'
import { type DestinationStream, pino } from 'pino'
import type { Env } from '../env.ts'
import { sourceStack } from './sourceStack.ts'

/** Keys that are removed from every log entry, at any depth that entries use. */
const REDACTED = ['cookie', 'authorization', 'set-cookie', 'password', 'current', 'token', 'code', 'body', 'input']

/** Serializes an error with a few known fields, because a database error repeats the values of the row. */
function serializeError(error: Error): object {
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  // The key `code` is redacted: it may be a setup code or a second factor.
  return { type, message, stack: sourceStack(stack), ...(code === undefined ? {} : { errorCode: code }) }
}

/**
 * The log: one JSON object per line on standard error, so that standard output is free for the operator. Leaves out
 * bodies, cookies and query strings.
 */
export function createLog(
  level: Env['logLevel'],
  destination: DestinationStream = pino.destination(2),
): FastifyBaseLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
        remove: true,
      },
      serializers: {
        req: (request: { method?: string; url?: string }) => ({
          method: request.method,
          path: request.url?.split('?', 1)[0],
        }),
        res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
        err: serializeError,
      },
    },
    destination,
  )
}
