import type { FastifyInstance } from 'fastify'
import { isLoopbackHost } from './loopback.ts'
import { answerRefusal } from './refusals.ts'

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
