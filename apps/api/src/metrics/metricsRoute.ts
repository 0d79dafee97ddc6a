import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Env } from '../env.ts'
import { isLoopbackAddress, isLoopbackHost } from '../plugins/loopback.ts'
import type { Metrics } from './metrics.ts'

/** What a proxy adds to what it hands on. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

/** Whether a caller sits at this machine, by our own address, with no proxy between us. */
function isLocal(request: FastifyRequest): boolean {
  return (
    isLoopbackAddress(request.socket.remoteAddress) &&
    isLoopbackHost(request.headers.host?.toLowerCase() ?? '') &&
    PROXY_HEADERS.every((name) => request.headers[name] === undefined)
  )
}

/** Compares without telling by time how much of it is right. */
function isToken(given: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(hash(given), hash(`Bearer ${token}`))
}

/**
 * `/metrics`, for this machine itself and for whoever has METRICS_TOKEN; for the latter alone where a proxy stands in front, whose visitors would all
 * look local: it is trusted, or it must be there, since we don't speak https ourselves.
 */
export function metricsRoute(
  app: FastifyInstance,
  metrics: Metrics,
  { metricsToken, trustProxy, publicUrl }: Pick<Env, 'metricsToken' | 'trustProxy' | 'publicUrl'>,
): void {
  const proxied = trustProxy !== false || (publicUrl?.startsWith('https:') ?? false)
  app.get('/metrics', async (request, reply) => {
    const known = metricsToken !== null && isToken(request.headers.authorization, metricsToken)
    if (!known && (proxied || !isLocal(request))) {
      return reply
        .code(403)
        .type('text/plain; charset=utf-8')
        .send('The figures are for this machine itself, or for whoever sends METRICS_TOKEN as a bearer token.\n')
    }
    const { contentType, text } = await metrics.read()
    return reply.header('cache-control', 'no-store').type(contentType).send(text)
  })
}

/** Counts every answered request by the pattern of its route, so that addresses and ids don't become figures of their own. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.countRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}
