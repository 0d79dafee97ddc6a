import { type Database, listen, OUTBOX_CHANNEL, type OutboxEvent, openPool, outboxStart, purgeOutbox, readOutbox } from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'

/** How often the notices are read anyway, woken or not: it is the heartbeat by which a node knows that it still hears. Milliseconds. */
const POLL_MS = 250
/** Having heard nothing for so long, a node is stale: it can't know who was cut off meanwhile. */
const STALE_AFTER_MS = 900
const PURGE_MS = 10 * 60_000
/** Connections of its own: what keeps the pool of the calls busy must not make a node deaf. */
const CONNECTIONS = 2
/** A read that hangs is given up, so that a node hears again soon after the database can be reached again. Milliseconds. */
const TIMEOUT_MS = 3_000

/** What an ear tells. */
export interface OutboxListener {
  /** New notices; read again if this fails. */
  onEvents: (events: readonly OutboxEvent[]) => Promise<void>
  onStale: () => void
}

/** One node's ear: reads the notices that changes on any node leave in the database, each once, and wakes the other nodes' ears. */
export class OutboxReader {
  /** For whoever has to ask the database before passing a notice on. */
  readonly pool: Database['pool']
  readonly #directUrl: string
  readonly #log: FastifyBaseLogger
  readonly #listener: OutboxListener
  #position = ''
  #reading: Promise<void> | undefined
  #again = false
  #readAt = 0
  #notifying = false
  #notifyAgain = false
  #timers: NodeJS.Timeout[] = []
  #unlisten: (() => Promise<void>) | undefined
  #closed = false

  constructor({ directUrl, log }: { directUrl: string; log: FastifyBaseLogger }, listener: OutboxListener) {
    this.#directUrl = directUrl
    this.#log = log
    this.#listener = listener
    this.pool = openPool({ url: directUrl, max: CONNECTIONS, connectionTimeout: TIMEOUT_MS, queryTimeout: TIMEOUT_MS }, (error) =>
      log.debug({ err: error }, 'an idle connection for notices broke'),
    )
  }

  get isCurrent(): boolean {
    return !this.#closed && Date.now() - this.#readAt <= STALE_AFTER_MS
  }

  /** Begin to listen. */
  async start(): Promise<void> {
    this.#position = await outboxStart(this.pool)
    this.#readAt = Date.now()
    const listener = listen(this.#directUrl, OUTBOX_CHANNEL, () => void this.#read())
    this.#unlisten = () => listener.close()
    const purge = () => void purgeOutbox(this.pool).catch((error: unknown) => this.#log.warn({ err: error }, 'old notices could not be swept'))
    this.#timers = [setInterval(() => void this.#read(), POLL_MS), setInterval(purge, PURGE_MS)]
    for (const timer of this.#timers) timer.unref()
  }

  /** A change was committed here: read it, and wake the other nodes. Calls that come while one is under way are one. */
  wake(): void {
    if (this.#closed) return
    void this.#read()
    void this.#notify()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#unlisten?.()
    await this.#reading
    await this.pool.end()
  }

  async #notify(): Promise<void> {
    this.#notifyAgain = true
    if (this.#notifying) return
    this.#notifying = true
    try {
      while (this.#notifyAgain && !this.#closed) {
        this.#notifyAgain = false
        await this.pool.query(`SELECT pg_notify('${OUTBOX_CHANNEL}', '')`)
      }
    } catch (error) {
      // The others poll, so they hear a little later.
      this.#log.warn({ err: error }, 'other nodes could not be woken')
    } finally {
      this.#notifying = false
    }
  }

  #read(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#readWhileWoken().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readWhileWoken(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      await this.#readOnce()
    }
  }

  async #readOnce(): Promise<void> {
    // What a read tells is as old as its beginning.
    const asked = Date.now()
    // A read that hangs must not keep streams open.
    const stalled = setTimeout(() => this.#listener.onStale(), Math.max(0, this.#readAt + STALE_AFTER_MS - Date.now()))
    try {
      const { events, position } = await readOutbox(this.pool, this.#position)
      if (events.length > 0) await this.#listener.onEvents(events)
      // Only now are they done: a failure on the way reads the same notices again.
      this.#position = position
      this.#readAt = asked
    } catch (error) {
      this.#log.debug({ err: error }, 'the notices could not be read')
      if (!this.isCurrent) this.#listener.onStale()
    } finally {
      clearTimeout(stalled)
    }
  }
}
