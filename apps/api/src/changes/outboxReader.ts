import {
  type Database,
  findOutboxPosition,
  listen,
  OUTBOX_CHANNEL,
  type OutboxEvent,
  type OutboxPosition,
  openPool,
  readOutbox,
} from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'

/** The outbox is read this often even without a notification. Each successful read is a heartbeat. Milliseconds. */
const POLL_MS = 250
/** Without a successful read for this long the node is stale: it may have missed a revocation. Milliseconds. */
const STALE_AFTER_MS = 900
/** A pool of its own, so that busy calls can't delay the reader. */
const POOL_SIZE = 2
/** A hanging read is abandoned, so that reading resumes soon after the database is back. Milliseconds. */
const TIMEOUT_MS = 3_000

export interface OutboxListener {
  /** Handles new events. The reader delivers them again if this fails. */
  onEvents: (events: readonly OutboxEvent[]) => Promise<void>
  /** Every event up to this position was handled. */
  onPosition: (position: OutboxPosition) => void
  onStale: () => void
  /** Learns of new jobs, by their names. */
  onJobs: (names: readonly string[]) => void
}

/** Reads the outbox events of all nodes, each exactly once, and notifies the other nodes' readers. */
export class OutboxReader {
  /** Also serves the queries that a listener needs before it delivers an event. */
  readonly pool: Database['pool']
  readonly #directUrl: string
  readonly #log: FastifyBaseLogger
  readonly #listener: OutboxListener
  #position: OutboxPosition = { snapshot: '', source: '' }
  #reading: Promise<void> | undefined
  #readPending = false
  #readAt = 0
  #notifying = false
  #notifyPending = false
  #polling: NodeJS.Timeout | undefined
  #unlisten: (() => Promise<void>) | undefined
  #closed = false

  constructor({ directUrl, log }: { directUrl: string; log: FastifyBaseLogger }, listener: OutboxListener) {
    this.#directUrl = directUrl
    this.#log = log
    this.#listener = listener
    this.pool = openPool(
      { url: directUrl, max: POOL_SIZE, connectionTimeout: TIMEOUT_MS, queryTimeout: TIMEOUT_MS },
      (error) => log.debug({ err: error }, 'an idle connection of the outbox reader broke'),
    )
  }

  /** Whether the last successful read is recent enough to trust. */
  get isCurrent(): boolean {
    return !this.#closed && Date.now() - this.#readAt <= STALE_AFTER_MS
  }

  async start(): Promise<void> {
    this.#position = await findOutboxPosition(this.pool)
    this.#listener.onPosition(this.#position)
    this.#readAt = Date.now()
    const listener = listen(this.#directUrl, OUTBOX_CHANNEL, () => void this.#read())
    this.#unlisten = () => listener.close()
    this.#polling = setInterval(() => void this.#read(), POLL_MS).unref()
  }

  /**
   * Reads now and notifies the other nodes. Called after a commit; overlapping calls share one read and one
   * notification.
   */
  wake(): void {
    if (this.#closed) return
    void this.#read()
    void this.#notify()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#polling)
    await this.#unlisten?.()
    await this.#reading
    await this.pool.end()
  }

  async #notify(): Promise<void> {
    this.#notifyPending = true
    if (this.#notifying) return
    this.#notifying = true
    try {
      while (this.#notifyPending && !this.#closed) {
        this.#notifyPending = false
        await this.pool.query(`SELECT pg_notify('${OUTBOX_CHANNEL}', '')`)
      }
    } catch (error) {
      // The other nodes poll, so they read the events a little later.
      this.#log.warn({ err: error }, 'could not notify the other nodes')
    } finally {
      this.#notifying = false
    }
  }

  #read(): Promise<void> {
    this.#readPending = true
    this.#reading ??= this.#readWhilePending().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readWhilePending(): Promise<void> {
    while (this.#readPending && !this.#closed) {
      this.#readPending = false
      await this.#readOnce()
    }
  }

  async #readOnce(): Promise<void> {
    // The result is as old as the start of the query.
    const startedAt = Date.now()
    // A hanging read must not keep streams open.
    const stalled = setTimeout(() => this.#listener.onStale(), Math.max(0, this.#readAt + STALE_AFTER_MS - Date.now()))
    try {
      const { events, jobs, position } = await readOutbox(this.pool, this.#position.snapshot)
      if (jobs.length > 0) this.#listener.onJobs(jobs)
      if (events.length > 0) await this.#listener.onEvents(events)
      // Moving on only now makes a failed delivery read the same events again.
      this.#position = position
      this.#listener.onPosition(position)
      this.#readAt = startedAt
    } catch (error) {
      this.#log.debug({ err: error }, 'could not read the outbox')
      if (!this.isCurrent) this.#listener.onStale()
    } finally {
      clearTimeout(stalled)
    }
  }
}
