import type { FastifyInstance } from 'fastify'
import { answerRefusal } from './refusals.ts'

const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/u

/** Whether a Host header is a loopback name: `localhost`, `127.0.0.1` or `[::1]`, on any port. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOST.test(host)
}

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

/**
 * Requires an Origin header on every request that can change something: the origin of `publicUrl`, or the loopback
 * origin of the request itself. Browsers send Origin with every POST and pages can't forge it (CSRF protection); other
 * clients set it themselves.
 */
export function originCheck(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') return done()
    const { origin } = request.headers
    const host = request.headers.host?.toLowerCase() ?? ''
    if (origin !== undefined && (origin === publicUrl || (isLoopbackHost(host) && origin === `http://${host}`)))
      return done()
    answerRefusal(request, reply, { code: 'BAD_ORIGIN', details: {} })
  })
}
