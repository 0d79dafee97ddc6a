import { fieldIssue } from '@roster/domain'
import type { FastifyInstance } from 'fastify'
import { answerRefusal } from './refusals.ts'

/** Refuses a body that isn't JSON before it is read. Pages of other sites can't send JSON without a CORS preflight. */
export function jsonOnly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const type = request.headers['content-type']
    if (type === undefined || /^application\/json\s*(;|$)/iu.test(type)) return done()
    answerRefusal(request, reply, { code: 'BAD_INPUT', details: { issues: [fieldIssue([], 'INVALID_CONTENT_TYPE')] } })
  })
}
