import type { FastifyInstance } from 'fastify'

/** `/healthz`: the process answers. `/readyz`: it can also do its work; 503 with the reason when it can't. `whyNotReady` gives null when all is well. */
export function healthRoutes(app: FastifyInstance, whyNotReady: () => Promise<string | null>): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reason = await whyNotReady()
    return reply
      .header('cache-control', 'no-store')
      .code(reason === null ? 200 : 503)
      .send(reason === null ? { status: 'ready' } : { status: 'not ready', reason })
  })
}
