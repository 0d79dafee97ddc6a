import { checkSessions, type Database, membersAmong, type NoticeRow, workspacesOf } from '@roster/db'
import { type Actor, refuse } from '@roster/domain'
import type { FastifyBaseLogger } from 'fastify'
import { mayComeFrom } from '../security/network.ts'
import { Ear } from './ear.ts'
import { Subscriber } from './subscriber.ts'

/** Every open stream's session is asked again this often, and when it ends by itself. Milliseconds. */
const RECHECK_MS = 30_000
/** How often it is looked whose session is to be asked again, and whose membership has ended by itself. Milliseconds. */
const TICK_MS = 250
/** Whoever could not be asked is asked again. Milliseconds. */
const RETRY_MS = 1_000
/** Open streams of one session on one node: far more than a person's tabs, which share one. */
const STREAMS_OF_ONE = 50

/** One node's open streams: closes those of whoever was cut off, tells the others what changed. */
export class NoticeHub {
  readonly #pool: Database['pool']
  readonly #log: FastifyBaseLogger
  readonly #ear: Ear
  readonly #subscribers = new Set<Subscriber>()
  #rechecking: NodeJS.Timeout | undefined

  constructor({ db, directUrl, log }: { db: Pick<Database, 'pool'>; directUrl: string; log: FastifyBaseLogger }) {
    this.#pool = db.pool
    this.#log = log
    this.#ear = new Ear({ directUrl, log }, { heard: (notices) => this.#dispatch(notices), deaf: () => this.#sendAway() })
  }

  /** How many streams are open on this node. */
  get open(): number {
    return this.#subscribers.size
  }

  /** Begin to listen. */
  async start(): Promise<void> {
    await this.#ear.start()
    this.#rechecking = setInterval(() => void this.#recheckDue(), TICK_MS).unref()
  }

  /** A change was committed here: tell this node's streams and the other nodes. */
  wake(): void {
    this.#ear.wake()
  }

  /** Close every stream and stop listening; readers come back, to another node or after the restart. */
  async close(): Promise<void> {
    clearInterval(this.#rechecking)
    this.#sendAway()
    await this.#ear.close()
  }

  /**
   * Open a stream for a session. It is registered before the session is asked once more, so that nobody who was cut off in between slips in.
   * What that takes goes over the calls' connections: however many come back at once, the ear goes on hearing.
   * @throws BUSY when that session has too many open
   */
  async subscribe(sessionId: string, actor: Actor, address: string): Promise<Subscriber> {
    if ([...this.#subscribers].filter((other) => other.sessionId === sessionId).length >= STREAMS_OF_ONE) throw refuse('BUSY', {})
    const subscriber = new Subscriber(sessionId, actor, address)
    if (!this.#ear.hears) {
      subscriber.end({ kind: 'closed', why: 'server' })
      return subscriber
    }
    this.#subscribers.add(subscriber)
    try {
      if (subscriber.onlyAssigned) for (const [id, endsIn] of await workspacesOf(this.#pool, actor.id)) subscriber.enter(id, endsIn)
      subscriber.greet()
      await this.#recheck([subscriber], this.#pool)
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

  #sendAway(): void {
    for (const subscriber of this.#subscribers) subscriber.end({ kind: 'closed', why: 'server' })
  }

  async #dispatch(notices: readonly NoticeRow[]): Promise<void> {
    const users = new Set(notices.filter((notice) => notice.capability === 'session').map((notice) => notice.targetId))
    await this.#recheck([...this.#subscribers].filter(({ actor }) => users.has(actor.id) || users.has(actor.organizationId) || users.has(null)))
    const workspaces = new Set(notices.flatMap((notice) => notice.workspaceId ?? []))
    for (const workspaceId of workspaces) await this.#recheckMembers(workspaceId)
    for (const subscriber of this.#subscribers) {
      for (const notice of notices) {
        if (!subscriber.over && subscriber.mayHear(notice)) {
          subscriber.tell({ kind: 'changed', capability: notice.capability, targetId: notice.targetId, workspaceId: notice.workspaceId })
        }
      }
    }
  }

  /** A database that can't be asked closes the streams by itself, so this may fail. */
  async #recheckDue(): Promise<void> {
    // A membership that ends by itself is nobody's change: no notice tells of it.
    for (const subscriber of this.#subscribers) if (subscriber.outlived) subscriber.end({ kind: 'closed', why: 'access-changed' })
    const due = [...this.#subscribers].filter(({ over, askAgainAt }) => !over && askAgainAt <= Date.now())
    await this.#recheck(due).catch((error: unknown) => this.#log.debug({ err: error }, 'the streams’ sessions could not be asked again'))
  }

  /** Ask again whether these streams' sessions are good; close those that are not, and those whose authority changed. */
  async #recheck(subscribers: readonly Subscriber[], pool = this.#ear.pool): Promise<void> {
    if (subscribers.length === 0) return
    for (const subscriber of subscribers) subscriber.askAgainAt = Date.now() + RETRY_MS
    const now = await checkSessions(pool, [...new Set(subscribers.map(({ sessionId }) => sessionId))])
    for (const subscriber of subscribers) {
      const session = now.get(subscriber.sessionId)
      if (!session?.valid) subscriber.end({ kind: 'ended', reason: session?.reason ?? 'expired' })
      else if (!subscriber.isStill(session) || session.factorRequired || !mayComeFrom(session.networks, subscriber.address))
        subscriber.end({ kind: 'closed', why: 'access-changed' })
      else subscriber.askAgainAt = Date.now() + Math.min(session.endsIn, RECHECK_MS)
    }
  }

  /** A workspace's members changed: whoever lost it here comes back with fresh rights. */
  async #recheckMembers(workspaceId: string): Promise<void> {
    const readers = [...this.#subscribers].filter((subscriber) => subscriber.onlyAssigned)
    if (readers.length === 0) return
    const members = await membersAmong(this.#ear.pool, workspaceId, [...new Set(readers.map(({ actor }) => actor.id))])
    for (const reader of readers) {
      const endsIn = members.get(reader.actor.id)
      if (endsIn !== undefined) reader.enter(workspaceId, endsIn)
      else if (reader.knows(workspaceId)) reader.end({ kind: 'closed', why: 'access-changed' })
    }
  }
}
