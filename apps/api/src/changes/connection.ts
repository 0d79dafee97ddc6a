import { randomUUID } from 'node:crypto'
import type { OutboxEvent } from '@roster/db'
import { type Actor, type ChangeEvent, type Topic, visibleScope } from '@roster/domain'
import { type ChangedEvent, Coalescer } from './coalescer.ts'
import { type Access, formatEventId, isEventId, NO_EVENT_ID, type Position } from './eventId.ts'

/** A client that lets more events queue up is too slow: its stream closes, and the client reconnects and refetches. */
const QUEUE_MAX = 500
/** A silent stream gets an event this often, so that its client can still continue from its last event. Milliseconds. */
const HEARTBEAT_MS = 60_000

/** An event with its id, after which another stream continues. */
export type SentEvent = readonly [id: string, event: ChangeEvent]

interface ConnectionOptions {
  sessionId: string
  actor: Actor
  /** The client's address. */
  address: string
  /** The last event that the client received. */
  lastEventId?: string | undefined
  /** Where the outbox reader is. */
  position: Position
  /** Signs the ids of events. */
  key: Buffer
}

/** One open change stream: its session, its actor, and the events that are queued for it. */
export class Connection {
  /** Names the connection to its own client. */
  readonly id = randomUUID()
  readonly sessionId: string
  readonly actor: Actor
  /** The client's address. */
  readonly address: string
  /**
   * The actor's workspaces, each with the time at which the membership expires, by `Date.now()`. The hub maintains them
   * where the actor sees assigned workspaces only. The database sends a duration, so its clock and this node's need not
   * agree.
   */
  readonly #workspaces = new Map<string, number>()
  /** When the hub checks the session next, by `Date.now()`. */
  recheckAt = 0
  readonly #coalescer = new Coalescer((event, position) => this.#push(event, position))
  readonly #key: Buffer
  /** The id of what is sent before the greeting: the client received nothing since. */
  readonly #firstId: string
  /** Every event up to here was given to the coalescer. */
  #position: Position
  /** The position and the events that arrive before the greeting. */
  #early: { position: Position; events: ChangedEvent[] } | undefined
  #topics: readonly Topic[] = []
  #queue: SentEvent[] = []
  #pushedAt = Date.now()
  #closed = false
  #wake: (() => void) | undefined

  constructor({ sessionId, actor, address, lastEventId, position, key }: ConnectionOptions) {
    this.sessionId = sessionId
    this.actor = actor
    this.address = address
    this.#key = key
    this.#firstId = isEventId(lastEventId) ? lastEventId : NO_EVENT_ID
    this.#position = position
    this.#early = { position, events: [] }
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Whether the actor sees assigned workspaces only. */
  get onlyAssigned(): boolean {
    return visibleScope(this.actor, 'workspace').kind === 'assigned'
  }

  /** Records a membership that expires in `expiresIn` milliseconds. */
  assign(workspaceId: string, expiresIn: number): void {
    this.#workspaces.set(workspaceId, Date.now() + expiresIn)
  }

  /** Whether the last check found a membership in the workspace. */
  isAssigned(workspaceId: string): boolean {
    return this.#workspaces.has(workspaceId)
  }

  get hasExpiredMembership(): boolean {
    for (const expiresAt of this.#workspaces.values()) if (expiresAt <= Date.now()) return true
    return false
  }

  /** Whether the actor's role, organization and scope are still those of the open stream. */
  isUnchanged({ role, organizationId, managerScope }: Omit<Actor, 'id'>): boolean {
    return (
      role === this.actor.role &&
      organizationId === this.actor.organizationId &&
      managerScope === this.actor.managerScope
    )
  }

  /** What decides which events the client may see. */
  get access(): Access {
    return { actor: this.actor, workspaceIds: [...this.#workspaces.keys()] }
  }

  /**
   * Greets the client. It continues from `from` with the events that it missed; with null, the stream covers every
   * change from now on. What arrived before the greeting follows.
   */
  hello(from: Position | null, missed: readonly ChangedEvent[] = []): void {
    const early = this.#early
    if (!early) return
    this.#early = undefined
    if (from) this.#position = from
    this.#push({ kind: 'hello', connectionId: this.id, sessionId: this.sessionId, resumed: from !== null })
    for (const event of [...missed, ...early.events]) this.send(event)
    this.#position = early.position
  }

  /** Sends a change through the coalescer. */
  send(event: ChangedEvent): void {
    if (this.#closed) return
    if (this.#early) this.#early.events.push(event)
    else this.#coalescer.add(event, this.#position)
  }

  /** Records that every event up to this position was sent, or left out. */
  advance(position: Position): void {
    if (this.#early) this.#early.position = position
    else this.#position = position
  }

  /** Sends a heartbeat if the stream was silent for a minute. */
  heartbeat(): void {
    if (!this.#early && Date.now() - this.#pushedAt >= HEARTBEAT_MS) this.#push({ kind: 'heartbeat' })
  }

  /** What the connection carries beside changes. */
  get topics(): readonly Topic[] {
    return this.#topics
  }

  /** Carries these topics from now on, and no others. The hub has checked them. */
  watch(topics: readonly Topic[]): void {
    this.#topics = topics
  }

  /** Carries these topics no longer. */
  unwatch(topics: readonly Topic[]): void {
    this.#topics = this.#topics.filter((topic) => !topics.includes(topic))
  }

  #push(event: ChangeEvent, position = this.#coalescer.sentUpTo(this.#position)): void {
    if (this.#closed) return
    if (this.#queue.length >= QUEUE_MAX) {
      this.end({ kind: 'closed', why: 'server' }, position)
      return
    }
    this.#enqueue(event, position)
  }

  #enqueue(event: ChangeEvent, position: Position): void {
    this.#queue.push([this.#early ? this.#firstId : formatEventId(position, this.access, this.#key), event])
    this.#pushedAt = Date.now()
    this.#wake?.()
  }

  /** Sends a last event and closes the stream. Its id precedes the discarded changes, so a client receives them later. */
  end(event: ChangeEvent, position = this.#coalescer.sentUpTo(this.#position)): void {
    if (this.#closed) return
    this.#coalescer.stop()
    this.#closed = true
    this.#enqueue(event, position)
  }

  /** Closes without a last event, because the client has disconnected. */
  abort(): void {
    this.#coalescer.stop()
    this.#closed = true
    this.#queue = []
    this.#wake?.()
  }

  async *events(): AsyncGenerator<SentEvent, void> {
    for (;;) {
      const event = this.#queue.shift()
      if (event) yield event
      else if (this.#closed) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    }
  }

  /** Whether the actor may receive an event, by the same visibility as their lists. */
  mayReceive({ capability, organizationId, targetId, workspaceId, workspaceIds }: OutboxEvent): boolean {
    if (capability === 'session' || capability === 'factor')
      return targetId === null || targetId === this.actor.id || targetId === this.actor.organizationId
    // The target of a request's event is the user who made it. Managers see requests by the workspace, below.
    if (capability === 'request' && visibleScope(this.actor, 'user').kind === 'self') return targetId === this.actor.id
    if (this.onlyAssigned && workspaceIds.some((id) => this.#isAssignedNow(id))) return true
    const scope = visibleScope(this.actor, capability === 'user' || workspaceId === null ? 'user' : 'workspace')
    switch (scope.kind) {
      case 'instance':
        return true
      case 'organization':
        return organizationId === scope.organizationId
      case 'assigned':
        return workspaceId !== null && this.#isAssignedNow(workspaceId)
      case 'self':
        return capability === 'user' && targetId === scope.userId
    }
  }

  #isAssignedNow(workspaceId: string): boolean {
    return (this.#workspaces.get(workspaceId) ?? 0) > Date.now()
  }
}
