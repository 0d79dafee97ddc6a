import type { GuardedProcedure, PublicProcedure, Refusal } from '@roster/domain'
import type { AnyProcedure } from '@trpc/server'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { router } from '../../src/router.ts'

export type Procedure = GuardedProcedure | PublicProcedure

/** The HTTP response of one call. `refusal` is null when the call succeeded. */
export interface Answer {
  status: number
  /** Without the date, which differs in every response. */
  headers: Record<string, string>
  body: string
  refusal: Refusal | null
  message: string | null
  data: unknown
}

/** `cookie` is the session's header; `headers` replace those of a console, and null removes one. */
export interface SendOptions {
  cookie?: string
  headers?: Record<string, string | null>
}

export type Send = (procedure: Procedure, input: unknown, options?: SendOptions) => Promise<Answer>

/** Longer query inputs go in the body, as in the real client. Characters. */
const URL_INPUT_MAX = 4_000

/** The router's procedures by name. */
export const PROCEDURES = router._def.procedures as unknown as Readonly<Record<Procedure, AnyProcedure>>

/** Whether a procedure is a query, a mutation or a subscription. */
export function typeOf(procedure: Procedure): AnyProcedure['_def']['type'] {
  return PROCEDURES[procedure]._def.type
}

/** Sends raw calls, with inputs that a typed client would not allow. */
export function sender(app: FastifyInstance): Send {
  return async (procedure, input, { cookie, headers = {} } = {}) => {
    const text = input === undefined ? undefined : JSON.stringify(input)
    const merged = {
      host: 'localhost',
      origin: 'http://localhost',
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    }
    const sent = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as Record<
      string,
      string
    >
    const type = typeOf(procedure)
    const posted = type === 'mutation' || (text?.length ?? 0) > URL_INPUT_MAX
    const request = posted
      ? {
          method: 'POST' as const,
          url: `/trpc/${procedure}`,
          headers: { 'content-type': 'application/json', ...sent },
          payload: text ?? '',
        }
      : {
          method: 'GET' as const,
          url: `/trpc/${procedure}${text === undefined ? '' : `?input=${encodeURIComponent(text)}`}`,
          headers: sent,
        }
    return type === 'subscription' ? readStream(app, request) : read(await app.inject(request))
  }
}

/** Parses a response. @throws when it reveals internals, may be cached, or has a shape that no client understands */
export function read(answer: { statusCode: number; headers: Record<string, unknown>; body: string }): Answer {
  const { statusCode: status, body } = answer
  if (/node_modules|\bat .+:\d+:\d+|Prisma|DatabaseError/u.test(body))
    throw new Error(`a response reveals internals: ${body}`)
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
  const keep = headers['cache-control']
  if (keep !== 'no-store' && !(keep?.startsWith('no-cache') && headers['content-type'] === 'text/event-stream'))
    throw new Error('a response of the API may be cached')
  delete headers['date']
  const { error, result } = JSON.parse(body) as {
    error?: { message: string; data: { httpStatus: number; refusal: Refusal } }
    result?: { data: unknown }
  }
  if (error === undefined) return { status, headers, body, refusal: null, message: null, data: result?.data }
  if (error.data.httpStatus !== status)
    throw new Error(`a response of status ${status} claims the status ${error.data.httpStatus}`)
  return { status, headers, body, refusal: error.data.refusal, message: error.message, data: undefined }
}

/**
 * Reads the first event of a stream. A refusal is also an event, because a page can't read the HTTP status of a stream.
 */
async function readStream(app: FastifyInstance, request: InjectOptions): Promise<Answer> {
  const answer = await app.inject({ ...request, payloadAsStream: true })
  const stream = answer.stream()
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    const [, refused, event] =
      /^(?:event: (serialized-error)\n)?data: (.+)\n(?:id: .*\n)?\n/mu.exec(
        text.replace(/^event: connected\ndata: .*\n\n/mu, ''),
      ) ?? []
    if (event === undefined) continue
    stream.destroy()
    const parsed = JSON.parse(event) as { data: { httpStatus: number } }
    return read({
      ...answer,
      headers: answer.headers,
      statusCode: refused ? parsed.data.httpStatus : 200,
      body: JSON.stringify(refused ? { error: parsed } : { result: { data: parsed } }),
    })
  }
  throw new Error('the stream ended without an event')
}
