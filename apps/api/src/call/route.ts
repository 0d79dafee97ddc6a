import { actionOf, authorizeRole, fieldIssue, type GuardedRoute, refuse } from '@roster/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { answerRefusal } from '../plugins/refusals.ts'
import type { Services } from '../server/services.ts'
import type { Principal } from '../session/resolveSession.ts'
import { toRefusal } from '../trpc.ts'
import { principalActor, requireSession } from './authenticated.ts'
import { type Context, contextOf } from './context.ts'
import { reportCall } from './report.ts'

/** The arguments of a route's body. */
export interface RouteContext<Input> {
  ctx: Context
  user: Principal
  actor: ReturnType<typeof principalActor>
  input: Input
  reply: FastifyReply
}

/**
 * A GET route that a browser opens, such as a file download. It runs the same checks as a procedure, in the same order,
 * and records refusals alike. Its input is JSON in the `input` query parameter. Pages of other sites can't open it.
 */
export function guardedRoute<S extends z.ZodType>(
  api: FastifyInstance,
  services: Services,
  { name, path, input: schema }: { name: GuardedRoute; path: string; input: S },
  body: (context: RouteContext<z.output<S>>) => Promise<FastifyReply>,
): void {
  api.get<{ Querystring: { input?: unknown } }>(path, { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = contextOf(services, request, reply, 1)
    try {
      // Recorded and counted as a call. The body sends the response itself.
      const { answer } = await reportCall(
        { ctx, path: name, type: 'query', getRawInput: async () => undefined },
        async () => {
          requireSameSite(request)
          const user = await requireSession(ctx, name)
          const input = schema.parse(inputOf(request.query.input))
          const actor = principalActor(user)
          authorizeRole(actor, actionOf(name))
          return { ok: true as const, answer: await body({ ctx, user, actor, input, reply }) }
        },
      )
      return answer
    } catch (error) {
      return answerRefusal(request, reply, toRefusal(error, request.id))
    }
  })
}

/**
 * Browsers name the site that opens a URL; a typed URL and other programs send `none` or no header.
 * @throws BAD_ORIGIN
 */
function requireSameSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refuse('BAD_ORIGIN', {})
}

function inputOf(text: unknown): unknown {
  if (text === undefined) return {}
  try {
    return JSON.parse(String(text))
  } catch {
    throw refuse('BAD_INPUT', { issues: [fieldIssue([], 'UNREADABLE_REQUEST')] })
  }
}
