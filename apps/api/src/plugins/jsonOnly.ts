import { fieldIssue } from '@roster/domain'
import type { FastifyInstance } from 'fastify'
import { answerRefusal } from './refusals.ts'

/** Refuse bodies that aren't JSON before they are read. It also leaves nothing of what pages of other sites may send without asking first. */
export function jsonOnly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const type = request.headers['content-type']
    if (type === undefined || /^application\/json\s*(;|$)/iu.test(type)) return done()
    answerRefusal(request, reply, { code: 'BAD_INPUT', details: { issues: [fieldIssue([], 'INVALID_CONTENT_TYPE')] } })
  })
}
