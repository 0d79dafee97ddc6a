import { checkSessions, membersAmong, type NoticeRow, workspacesOf } from '@roster/db'
import { type Actor, refuse } from '@roster/domain'
import type { FastifyBaseLogger } from 'fastify'
import { Ear } from './ear.ts'
import { Subscriber } from './subscriber.ts'

/** Every open stream's session is asked again this often, for ends that nobody announces (expiry). Milliseconds. */
const RECHECK_MS = 30_000
/** Open streams of one session on one node: far more than a person's tabs, which share one. */
const STREAMS_OF_ONE = 50

/** One node's open streams: closes those of whoever was cut off, tells the others what changed. */
export class NoticeHub {
  readonly #log: FastifyBaseLogger
  readonly #ear: Ear
  readonly #subscribers = new Set<Subscriber>()
  #rechecking: NodeJS.Timeout | undefined

  constructor({ directUrl, log }: { directUrl: string; log: FastifyBaseLogger }) {
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
    this.#rechecking = setInterval(() => void this.#recheckAll(), RECHECK_MS).unref()
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
   * @throws BUSY when that session has too many open
   */
  async subscribe(sessionId: string, actor: Actor): Promise<Subscriber> {
    if ([...this.#subscribers].filter((other) => other.sessionId === sessionId).length >= STREAMS_OF_ONE) throw refuse('BUSY', {})
    const subscriber = new Subscriber(sessionId, actor)
    if (!this.#ear.hears) {
      subscriber.end({ kind: 'closed', why: 'server' })
      return subscriber
    }
    this.#subscribers.add(subscriber)
    try {
      for (const id of await workspacesOf(this.#ear.pool, actor.id)) subscriber.workspaceIds.add(id)
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
          subscriber.push({ kind: 'changed', capability: notice.capability, targetId: notice.targetId, workspaceId: notice.workspaceId })
        }
      }
    }
  }

  /** A database that can't be asked closes the streams by itself, so this may fail. */
  async #recheckAll(): Promise<void> {
    await this.#recheck([...this.#subscribers]).catch((error: unknown) => this.#log.debug({ err: error }, 'the streams’ sessions could not be asked again'))
  }

  /** Ask again whether these streams' sessions are good; close those that are not, and those whose authority changed. */
  async #recheck(subscribers: readonly Subscriber[]): Promise<void> {
    if (subscribers.length === 0) return
    const now = await checkSessions(this.#ear.pool, [...new Set(subscribers.map(({ sessionId }) => sessionId))])
    for (const subscriber of subscribers) {
      const session = now.get(subscriber.sessionId)
      if (!session?.valid) subscriber.end({ kind: 'ended', reason: session?.reason ?? 'expired' })
      else if (!subscriber.isStill(session)) subscriber.end({ kind: 'closed', why: 'access-changed' })
    }
  }

  /** A workspace's members changed: whoever lost it here comes back with fresh rights. */
  async #recheckMembers(workspaceId: string): Promise<void> {
    const readers = [...this.#subscribers].filter((subscriber) => subscriber.onlyAssigned)
    if (readers.length === 0) return
    const members = await membersAmong(this.#ear.pool, workspaceId, [...new Set(readers.map(({ actor }) => actor.id))])
    for (const reader of readers) {
      if (members.has(reader.actor.id)) reader.workspaceIds.add(workspaceId)
      else if (reader.workspaceIds.has(workspaceId)) reader.end({ kind: 'closed', why: 'access-changed' })
    }
  }
}
