import type { OutboxEvent } from '@roster/db'
import { type Actor, type ChangeEvent, visibleScope } from '@roster/domain'
import { type Changed, Coalescer } from './coalescer.ts'

/** More waiting events than this and the reader is too slow: it is sent away to come back and fetch anew. */
const QUEUE_MAX = 500

/** One open stream: who reads it, and what waits to be read. */
export class Connection {
  readonly sessionId: string
  readonly actor: Actor
  /** From where it is read. */
  readonly address: string
  /**
   * The workspaces the reader is in, kept true by the hub while they see no others, and when each membership ends by itself, by `Date.now()`. The
   * database says in how long; so it doesn't matter whether its clock and this node's agree.
   */
  readonly #workspaces = new Map<string, number>()
  /** When it is to be asked again whether the session is good, by `Date.now()`; kept by the hub. */
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

  /** Whether the reader sees no workspaces but those they are in. */
  get onlyAssigned(): boolean {
    return visibleScope(this.actor, 'workspace').kind === 'assigned'
  }

  /** The reader is in a workspace, for so many milliseconds. */
  assign(workspaceId: string, expiresIn: number): void {
    this.#workspaces.set(workspaceId, Date.now() + expiresIn)
  }

  /** Whether the reader was in a workspace when that was last looked at. */
  isAssigned(workspaceId: string): boolean {
    return this.#workspaces.has(workspaceId)
  }

  /** Whether a membership that the stream goes by has ended by itself. */
  get hasExpiredMembership(): boolean {
    for (const end of this.#workspaces.values()) if (end <= Date.now()) return true
    return false
  }

  /** Whether this is still what the reader may do. */
  isUnchanged({ role, organizationId, managerScope }: Omit<Actor, 'id'>): boolean {
    return role === this.actor.role && organizationId === this.actor.organizationId && managerScope === this.actor.managerScope
  }

  /** The stream is open: what changes from now on is told. */
  hello(): void {
    this.#push({ kind: 'hello' })
  }

  /** Something changed of which the reader may hear: told at once, or in a moment with what changes meanwhile. */
  send(event: Changed): void {
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

  /** A last event, after which the stream closes. It never waits for what is held, which whoever comes back reads anyway. */
  end(event: ChangeEvent): void {
    if (this.#closed) return
    this.#coalescer.stop()
    this.#queue.push(event)
    this.#closed = true
    this.#wake?.()
  }

  /** Close without a word: the reader is gone. */
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

  /** Whether this reader may hear of a notice: the same scopes as their lists. */
  mayReceive({ capability, organizationId, targetId, workspaceId, workspaceIds }: OutboxEvent): boolean {
    if (capability === 'session' || capability === 'factor') return targetId === null || targetId === this.actor.id || targetId === this.actor.organizationId
    // Whoever decides hears of requests as of their workspaces; whoever asked, of their own: it is they who are named.
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
