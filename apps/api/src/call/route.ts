import { type GuardedRoute, refuse } from '@roster/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { type Context, contextOf } from '../context.ts'
import { answerRefusal } from '../plugins/refusals.ts'
import type { Services } from '../services.ts'
import type { Principal } from '../session/sessionOf.ts'
import { toRefusal } from '../trpc.ts'
import { actorOf, requireRole, requireSession } from './authenticated.ts'
import { reported } from './report.ts'

/** What a route's body gets, once its caller was let in. */
export interface Routed<Input> {
  ctx: Context
  user: Principal
  actor: ReturnType<typeof actorOf>
  input: Input
  reply: FastifyReply
}

/**
 * An address that is opened rather than called, such as a file one downloads: guarded as a procedure is, in the same order, by the same code, its refusals
 * recorded alike. Its input stands in the address as `?input=` and JSON. Pages of other sites can't open it.
 */
export function guardedRoute<S extends z.ZodType>(
  api: FastifyInstance,
  services: Services,
  { name, path, input: schema }: { name: GuardedRoute; path: string; input: S },
  body: (routed: Routed<z.output<S>>) => Promise<FastifyReply>,
): void {
  api.get<{ Querystring: { input?: unknown } }>(path, { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = contextOf(services, request, reply, 1)
    try {
      // Recorded and counted as a call; what it answers is sent by the body itself.
      const { answer } = await reported({ ctx, path: name, type: 'query', getRawInput: async () => undefined }, async () => {
        requireSameSite(request)
        const user = await requireSession(ctx, name)
        const input = schema.parse(inputOf(request.query.input))
        const actor = actorOf(user)
        requireRole(actor, name)
        return { ok: true as const, answer: await body({ ctx, user, actor, input, reply }) }
      })
      return answer
    } catch (error) {
      return answerRefusal(request, reply, toRefusal(error, request.id))
    }
  })
}

/** Browsers name the site whose page opens an address; one's own typing, and other programs, name none. */
function requireSameSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refuse('BAD_ORIGIN', {})
}

function inputOf(text: unknown): unknown {
  if (text === undefined) return {}
  try {
    return JSON.parse(String(text))
  } catch {
    throw refuse('BAD_INPUT', { issues: [{ path: [], rule: 'unreadable', message: 'The call can’t be read.' }] })
  }
}
