import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inUtc } from '../client/connection.ts'

/**
 * `true`: every notification from now on arrives. `false`: the connection is lost, and notifications are missed until
 * it is back.
 */
export type ListenState = (listening: boolean) => void

const FIRST_DELAY = 100
const MAX_DELAY = 2_000
const HEARTBEAT = 5_000

/**
 * Keeps one connection listening on a channel, and reconnects whenever it is lost. It never throws for a missing server
 * but keeps trying.
 *
 * @param directUrl the address of the server itself: LISTEN does not work through a pooler
 */
export function listen(
  directUrl: string,
  channel: string,
  onNotify: (payload: string) => void,
  onState: ListenState = () => undefined,
): { close(): Promise<void> } {
  const closing = new AbortController()
  let current: pg.Client | undefined
  let connecting: Promise<unknown> | undefined

  const listenOnce = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: inUtc(directUrl),
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
      application_name: 'roster-listen',
    })
    current = client
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
    })
    client.on('notification', ({ payload }) => onNotify(payload ?? ''))
    try {
      connecting = client.connect()
      await connecting
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      onState(true)
      await Promise.race([lost, waitUntilSilent(client)])
    } finally {
      // Not awaited: an unresponsive server would never answer.
      void client.end().catch(() => undefined)
    }
  }
  const keepListening = async (): Promise<void> => {
    for (let delay = FIRST_DELAY; !closing.signal.aborted; delay = Math.min(delay * 2, MAX_DELAY)) {
      const started = Date.now()
      await listenOnce().catch(() => undefined)
      if (closing.signal.aborted) return
      onState(false)
      if (Date.now() - started > MAX_DELAY) delay = FIRST_DELAY
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const running = keepListening()
  return {
    async close() {
      closing.abort()
      // Ending a connection during its handshake would never complete.
      await connecting?.catch(() => undefined)
      await current?.end().catch(() => undefined)
      await running
    },
  }
}

/** Sends a heartbeat query, since a connection can die unnoticed. Resolves when there is no answer. */
async function waitUntilSilent(client: pg.Client): Promise<void> {
  for (;;) {
    await sleep(HEARTBEAT, undefined, { ref: false })
    try {
      await client.query('SELECT 1')
    } catch {
      return
    }
  }
}
