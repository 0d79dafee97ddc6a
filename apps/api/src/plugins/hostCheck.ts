import type { FastifyInstance } from 'fastify'
import { isLoopbackHost } from './loopback.ts'
import { answerRefusal } from './refusals.ts'

/** Routes without a host check: probes use bare addresses, and `/metrics` checks the host itself. */
const ANY_HOST = new Set(['/healthz', '/readyz', '/metrics'])
const UNKNOWN_HOST = 'Roster does not accept requests for this host name. The operator can allow it with PUBLIC_URL.\n'

/**
 * Refuses requests for a host other than `publicUrl` (an origin) and the loopback names. It prevents DNS rebinding,
 * where an attacker's host name resolves to this server.
 */
export function hostCheck(app: FastifyInstance, publicUrl: string | null): void {
  const own = publicUrl === null ? null : new URL(publicUrl).host
  app.addHook('onRequest', (request, reply, done) => {
    const host = request.headers.host?.toLowerCase() ?? ''
    if (host === own || isLoopbackHost(host) || ANY_HOST.has(request.routeOptions.url ?? '')) done()
    else if (request.url.startsWith('/trpc')) answerRefusal(request, reply, { code: 'BAD_ORIGIN', details: {} })
    else reply.code(403).type('text/plain; charset=utf-8').send(UNKNOWN_HOST)
  })
}
