import type { FastifyInstance } from 'fastify'

/** How often idle connections are closed. Milliseconds. */
const CLOSE_IDLE_MS = 50

/**
 * Stops accepting connections and waits for running calls. Closes the remaining connections after `timeout`
 * milliseconds.
 */
export async function drain(app: FastifyInstance, timeout: number): Promise<void> {
  // A keep-alive connection would otherwise keep the server open after its last response.
  const closeIdle = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_MS)
  const closeAll = setTimeout(() => app.server.closeAllConnections(), timeout)
  try {
    await app.close()
  } finally {
    clearInterval(closeIdle)
    clearTimeout(closeAll)
  }
}
