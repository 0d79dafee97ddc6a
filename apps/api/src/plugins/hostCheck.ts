import type { FastifyInstance } from 'fastify'
import { isLoopbackHost } from './loopback.ts'
import { answerRefusal } from './refusals.ts'

/** Answered whatever name they are called by: probes use bare addresses. `/metrics` looks at the name itself. */
const ANY_HOST = new Set(['/healthz', '/readyz', '/metrics'])
const NOT_OURS = 'This server does not answer by this name. Whoever runs it sets PUBLIC_URL to the address people open.\n'

/**
 * Refuse calls by a name that isn't ours: a foreign page whose name was made to point here (DNS rebinding) gets no answer.
 * `publicUrl` is an origin; loopback names are always ours.
 */
export function hostCheck(app: FastifyInstance, publicUrl: string | null): void {
  const own = publicUrl === null ? null : new URL(publicUrl).host
  app.addHook('onRequest', (request, reply, done) => {
    const host = request.headers.host?.toLowerCase() ?? ''
    if (host === own || isLoopbackHost(host) || ANY_HOST.has(request.routeOptions.url ?? '')) done()
    else if (request.url.startsWith('/trpc')) answerRefusal(request, reply, { code: 'BAD_ORIGIN', details: {} })
    else reply.code(403).type('text/plain; charset=utf-8').send(NOT_OURS)
  })
}
