import type { FastifyBaseLogger } from 'fastify'
import { type DestinationStream, pino } from 'pino'
import type { Env } from './env.ts'

/** What never reaches the log, wherever it stands in an entry. */
const SECRET = ['cookie', 'authorization', 'set-cookie', 'password', 'current', 'token', 'code', 'body', 'input']

/** What of an error is written down: the database's own say, in more fields, what stood in the row. */
function told(error: Error): object {
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  // A `code` by that name would be taken for a secret one.
  return { type, message, stack, ...(code === undefined ? {} : { errorCode: code }) }
}

/**
 * The log: a JSON object a line, on standard error, so that standard output stays for the operator. Without bodies, cookies, and what stands
 * behind the `?` of an address.
 */
export function createLog(level: Env['logLevel'], destination: DestinationStream = pino.destination(2)): FastifyBaseLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]), remove: true },
      serializers: {
        req: (request: { method?: string; url?: string }) => ({ method: request.method, path: request.url?.split('?', 1)[0] }),
        res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
        err: told,
      },
    },
    destination,
  )
}
