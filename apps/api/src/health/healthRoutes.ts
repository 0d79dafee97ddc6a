import type { FastifyInstance } from 'fastify'

/**
 * `/healthz`: the process responds. `/readyz`: the node can serve, or 503 with `unreadyReason`, which is null when it
 * can.
 */
export function healthRoutes(app: FastifyInstance, unreadyReason: () => Promise<string | null>): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reason = await unreadyReason()
    return reply
      .header('cache-control', 'no-store')
      .code(reason === null ? 200 : 503)
      .send(reason === null ? { status: 'ready' } : { status: 'not ready', reason })
  })
}
