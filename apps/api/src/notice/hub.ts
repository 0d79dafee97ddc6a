import {
  checkSession,
  type Database,
  listen,
  membersAmong,
  NOTICE_CHANNEL,
  type NoticeRow,
  noticeStart,
  readNotices,
  sweepNotices,
  workspacesOf,
} from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import { Subscriber } from './subscriber.ts'

/** How often the notices are read anyway, woken or not: it is the heartbeat by which a node knows that it still hears. Milliseconds. */
const POLL_MS = 250
/** Having heard nothing for so long, a node closes its streams: it can't know who was cut off meanwhile. */
const DEAF_AFTER_MS = 900
/** Every open stream's session is asked again this often, for ends that nobody announces (expiry). */
const RECHECK_MS = 30_000
const SWEEP_MS = 10 * 60_000

/** One node's ear: reads the notices of every node, closes the streams of whoever was cut off, tells the others what changed. */
export class NoticeHub {
  readonly #db: Database
  readonly #directUrl: string
  readonly #log: FastifyBaseLogger
  readonly #subscribers = new Set<Subscriber>()
  #since = ''
  #seen = new Set<string>()
  #reading: Promise<void> | undefined
  #again = false
  #heardAt = 0
  #notifying = false
  #notifyAgain = false
  #timers: NodeJS.Timeout[] = []
  #unlisten: (() => Promise<void>) | undefined
  #closed = false

  constructor({ db, directUrl, log }: { db: Database; directUrl: string; log: FastifyBaseLogger }) {
    this.#db = db
    this.#directUrl = directUrl
    this.#log = log
  }

  /** How many streams are open on this node. */
  get open(): number {
    return this.#subscribers.size
  }

  /** Begin to listen. */
  async start(): Promise<void> {
    this.#since = await noticeStart(this.#db.pool)
    this.#heardAt = Date.now()
    const listener = listen(this.#directUrl, NOTICE_CHANNEL, () => void this.#read())
    this.#unlisten = () => listener.close()
    this.#timers = [
      setInterval(() => void this.#read(), POLL_MS),
      setInterval(() => void this.#recheck([...this.#subscribers]), RECHECK_MS),
      setInterval(() => void sweepNotices(this.#db.pool).catch((error: unknown) => this.#log.warn({ err: error }, 'old notices could not be swept')), SWEEP_MS),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** A change was committed here: read it, and wake the other nodes. Calls that come while one is under way are one. */
  wake(): void {
    void this.#read()
    void this.#notify()
  }

  /** Close every stream and stop listening; readers come back, to another node or after the restart. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    for (const subscriber of this.#subscribers) subscriber.end({ kind: 'closed', why: 'server' })
    await this.#unlisten?.()
    await this.#reading?.catch(() => undefined)
  }

  /**
   * Open a stream for a session. It is registered before the session is asked once more, so that nobody who was cut off in between slips in.
   */
  async subscribe(who: { sessionId: string; userId: string; role: Subscriber['role']; organizationId: string }): Promise<Subscriber> {
    const subscriber = new Subscriber(who, new Set())
    if (this.#closed || Date.now() - this.#heardAt > DEAF_AFTER_MS) {
      subscriber.end({ kind: 'closed', why: 'server' })
      return subscriber
    }
    this.#subscribers.add(subscriber)
    try {
      for (const id of await workspacesOf(this.#db.pool, who.userId)) subscriber.workspaceIds.add(id)
      subscriber.push({ kind: 'hello' })
      await this.#recheck([subscriber])
    } catch (error) {
      this.unsubscribe(subscriber)
      throw error
    }
    return subscriber
  }

  unsubscribe(subscriber: Subscriber): void {
    subscriber.leave()
    this.#subscribers.delete(subscriber)
  }

  async #notify(): Promise<void> {
    if (this.#notifying) {
      this.#notifyAgain = true
      return
    }
    this.#notifying = true
    try {
      do {
        this.#notifyAgain = false
        await this.#db.pool.query(`SELECT pg_notify('${NOTICE_CHANNEL}', '')`)
      } while (this.#notifyAgain)
    } catch (error) {
      // The others poll, so they hear a little later.
      this.#log.warn({ err: error }, 'other nodes could not be woken')
    } finally {
      this.#notifying = false
    }
  }

  #read(): Promise<void> {
    if (this.#reading) {
      this.#again = true
      return this.#reading
    }
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = undefined
      if (this.#again && !this.#closed) {
        this.#again = false
        void this.#read()
      }
    })
    return this.#reading
  }

  async #readOnce(): Promise<void> {
    // A read that hangs must not keep streams open.
    const deaf = setTimeout(() => this.#closeDeaf(), Math.max(0, this.#heardAt + DEAF_AFTER_MS - Date.now()))
    try {
      const { notices, since } = await readNotices(this.#db.pool, this.#since)
      const fresh = notices.filter((notice) => !this.#seen.has(notice.id))
      if (fresh.length > 0) await this.#dispatch(fresh)
      // Only now is it heard: a failure on the way reads the same notices again.
      this.#since = since
      this.#seen = new Set(notices.map((notice) => notice.id))
      this.#heardAt = Date.now()
    } catch (error) {
      this.#log.debug({ err: error }, 'the notices could not be read')
      if (Date.now() - this.#heardAt > DEAF_AFTER_MS) this.#closeDeaf()
    } finally {
      clearTimeout(deaf)
    }
  }

  #closeDeaf(): void {
    for (const subscriber of this.#subscribers) subscriber.end({ kind: 'closed', why: 'server' })
  }

  async #dispatch(notices: readonly NoticeRow[]): Promise<void> {
    const users = new Set(notices.filter((notice) => notice.capability === 'session').map((notice) => notice.targetId))
    const touched = [...this.#subscribers].filter((subscriber) => users.has(subscriber.userId) || (users.has(null) && subscriber.role !== 'default'))
    await this.#recheck(touched)
    const workspaces = new Set(notices.flatMap((notice) => (notice.workspaceId ? [notice.workspaceId] : [])))
    for (const workspaceId of workspaces) await this.#recheckMembers(workspaceId)
    for (const subscriber of this.#subscribers) {
      for (const notice of notices) {
        if (!subscriber.over && subscriber.mayHear(notice)) {
          subscriber.push({ kind: 'changed', capability: notice.capability, targetId: notice.targetId, workspaceId: notice.workspaceId })
        }
      }
    }
  }

  /** Ask again whether these streams' sessions are good; close those that are not, and those whose authority changed. */
  async #recheck(subscribers: readonly Subscriber[]): Promise<void> {
    await Promise.all(
      subscribers.map(async (subscriber) => {
        const now = await checkSession(this.#db.pool, subscriber.sessionId)
        if (!now?.valid) subscriber.end({ kind: 'ended', reason: now?.reason ?? 'expired' })
        else if (now.role !== subscriber.role || now.organizationId !== subscriber.organizationId) subscriber.end({ kind: 'closed', why: 'access-changed' })
      }),
    )
  }

  /** A workspace's members changed: whoever lost it here comes back with fresh rights. */
  async #recheckMembers(workspaceId: string): Promise<void> {
    const readers = [...this.#subscribers].filter((subscriber) => subscriber.role === 'default')
    if (readers.length === 0) return
    const members = await membersAmong(this.#db.pool, workspaceId, [...new Set(readers.map((reader) => reader.userId))])
    for (const reader of readers) {
      if (members.has(reader.userId)) reader.workspaceIds.add(workspaceId)
      else if (reader.workspaceIds.has(workspaceId)) reader.end({ kind: 'closed', why: 'access-changed' })
    }
  }
}
