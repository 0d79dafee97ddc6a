import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Env } from '../env.ts'
import { isLoopbackHost } from '../plugins/sameOrigin.ts'
import type { Metrics } from './metrics.ts'

/** Headers that a proxy adds to a request. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

/** Whether a socket's remote address is loopback. */
function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/u.test(address)
}

/** Whether a request comes from this machine, to a loopback name, without a proxy in between. */
function isLocal(request: FastifyRequest): boolean {
  return (
    isLoopbackAddress(request.socket.remoteAddress) &&
    isLoopbackHost(request.headers.host?.toLowerCase() ?? '') &&
    PROXY_HEADERS.every((name) => request.headers[name] === undefined)
  )
}

/** Compares in constant time. */
function isToken(given: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(hash(given), hash(`Bearer ${token}`))
}

/**
 * `/metrics` for local requests and for requests with METRICS_TOKEN. Behind a proxy every request looks local, so only
 * the token counts: with TRUST_PROXY, or with an https PUBLIC_URL, since the server itself speaks no https.
 */
export function metricsRoute(
  app: FastifyInstance,
  metrics: Metrics,
  { metricsToken, trustProxy, publicUrl }: Pick<Env, 'metricsToken' | 'trustProxy' | 'publicUrl'>,
): void {
  const proxied = trustProxy !== false || (publicUrl?.startsWith('https:') ?? false)
  app.get('/metrics', async (request, reply) => {
    const authorized = metricsToken !== null && isToken(request.headers.authorization, metricsToken)
    if (!authorized && (proxied || !isLocal(request))) {
      return reply
        .code(403)
        .type('text/plain; charset=utf-8')
        .send('Metrics are available on this machine itself, or with METRICS_TOKEN as a bearer token.\n')
    }
    const { contentType, text } = await metrics.read()
    return reply.header('cache-control', 'no-store').type(contentType).send(text)
  })
}
