import type { OutboxEvent } from '@roster/db'
import { type Actor, type ChangeEvent, visibleScope } from '@roster/domain'
import { type ChangedEvent, Coalescer } from './coalescer.ts'

/** A client that lets more events queue up is too slow: its stream closes, and the client reconnects and refetches. */
const QUEUE_MAX = 500

/** One open change stream: its session, its actor, and the events that are queued for it. */
export class Connection {
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
  readonly #coalescer = new Coalescer((event) => this.#push(event))
  #queue: ChangeEvent[] = []
  #closed = false
  #wake: (() => void) | undefined

  constructor(sessionId: string, actor: Actor, address: string) {
    this.sessionId = sessionId
    this.actor = actor
    this.address = address
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

  /** Greet the client: the stream covers every change from now on. */
  hello(): void {
    this.#push({ kind: 'hello' })
  }

  /** Sends a change through the coalescer. */
  send(event: ChangedEvent): void {
    if (!this.#closed) this.#coalescer.add(event)
  }

  #push(event: ChangeEvent): void {
    if (this.#closed) return
    if (this.#queue.length >= QUEUE_MAX) {
      this.end({ kind: 'closed', why: 'server' })
      return
    }
    this.#queue.push(event)
    this.#wake?.()
  }

  /** Sends a last event and closes the stream. Discards pending changes, because a client that reconnects refetches. */
  end(event: ChangeEvent): void {
    if (this.#closed) return
    this.#coalescer.stop()
    this.#queue.push(event)
    this.#closed = true
    this.#wake?.()
  }

  /** Closes without a last event, because the client has disconnected. */
  abort(): void {
    this.#coalescer.stop()
    this.#closed = true
    this.#queue = []
    this.#wake?.()
  }

  async *events(): AsyncGenerator<ChangeEvent, void> {
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
