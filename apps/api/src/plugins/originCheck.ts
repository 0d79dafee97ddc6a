import type { FastifyInstance } from 'fastify'
import { isLoopbackHost } from './loopback.ts'
import { answerRefusal } from './refusals.ts'

/**
 * Every call that could change something names where it comes from, and that has to be here: the origin of `publicUrl`, or the loopback
 * origin the call was addressed to. Browsers send Origin with every POST and don't let pages choose it; other clients send it themselves.
 */
export function originCheck(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') return done()
    const { origin } = request.headers
    const host = request.headers.host?.toLowerCase() ?? ''
    if (origin !== undefined && (origin === publicUrl || (isLoopbackHost(host) && origin === `http://${host}`))) return done()
    answerRefusal(request, reply, { code: 'BAD_ORIGIN', details: {} })
  })
}
