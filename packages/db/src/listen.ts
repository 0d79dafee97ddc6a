import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** `true`: every notification from now on arrives. `false`: the connection is lost, and what is sent meanwhile doesn't arrive. */
export type ListenState = (listening: boolean) => void

const FIRST_DELAY = 100
const LONGEST_DELAY = 2_000
const HEARTBEAT = 5_000

/**
 * Keeps one connection listening on a channel, and makes it anew whenever it is lost. It never throws for want of a server: it goes on trying.
 *
 * @param directUrl an address that leads to the server itself: LISTEN doesn't pass a pooler
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

  const once = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: directUrl,
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
      await Promise.race([lost, untilSilent(client)])
    } finally {
      // Not awaited: a server that has gone silent would never answer the farewell.
      void client.end().catch(() => undefined)
    }
  }
  const keepListening = async (): Promise<void> => {
    for (let delay = FIRST_DELAY; !closing.signal.aborted; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      const started = Date.now()
      await once().catch(() => undefined)
      if (closing.signal.aborted) return
      onState(false)
      if (Date.now() - started > LONGEST_DELAY) delay = FIRST_DELAY
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const running = keepListening()
  return {
    async close() {
      closing.abort()
      // A farewell before the greeting is over would never be answered.
      await connecting?.catch(() => undefined)
      await current?.end().catch(() => undefined)
      await running
    },
  }
}

/** Asks now and then, since a connection can be dead without anybody saying so; resolves when there is no answer. */
async function untilSilent(client: pg.Client): Promise<void> {
  for (;;) {
    await sleep(HEARTBEAT, undefined, { ref: false })
    try {
      await client.query('SELECT 1')
    } catch {
      return
    }
  }
}
