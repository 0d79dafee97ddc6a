import type { FastifyInstance } from 'fastify'

/** How often connections that have nothing to do any more are let go. Milliseconds. */
const LET_GO_EVERY = 50

/** Stop accepting, let running calls end, and cut what is still running after `patience` milliseconds. */
export async function drain(app: FastifyInstance, patience: number): Promise<void> {
  // A connection that is kept alive after its last answer would hold the server open.
  const idle = setInterval(() => app.server.closeIdleConnections(), LET_GO_EVERY)
  const cut = setTimeout(() => app.server.closeAllConnections(), patience)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(cut)
  }
}
