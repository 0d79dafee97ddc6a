import type { NoticeRow } from '@roster/db'
import { type Actor, type NoticeEvent, visible } from '@roster/domain'
import { type Changed, Pace } from './pace.ts'

/** More waiting events than this and the reader is too slow: it is sent away to come back and fetch anew. */
const WAITING_MAX = 500

/** One open stream: who reads it, and what waits to be read. */
export class Subscriber {
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
  askAgainAt = 0
  readonly #pace = new Pace((event) => this.#push(event))
  #waiting: NoticeEvent[] = []
  #over = false
  #wake: (() => void) | undefined

  constructor(sessionId: string, actor: Actor, address: string) {
    this.sessionId = sessionId
    this.actor = actor
    this.address = address
  }

  get over(): boolean {
    return this.#over
  }

  /** Whether the reader sees no workspaces but those they are in. */
  get onlyAssigned(): boolean {
    return visible(this.actor, 'workspace').kind === 'assigned'
  }

  /** The reader is in a workspace, for so many milliseconds. */
  enter(workspaceId: string, endsIn: number): void {
    this.#workspaces.set(workspaceId, Date.now() + endsIn)
  }

  /** Whether the reader was in a workspace when that was last looked at. */
  knows(workspaceId: string): boolean {
    return this.#workspaces.has(workspaceId)
  }

  /** Whether a membership that the stream goes by has ended by itself. */
  get outlived(): boolean {
    for (const end of this.#workspaces.values()) if (end <= Date.now()) return true
    return false
  }

  /** Whether this is still what the reader may do. */
  isStill({ role, organizationId, managerScope }: Omit<Actor, 'id'>): boolean {
    return role === this.actor.role && organizationId === this.actor.organizationId && managerScope === this.actor.managerScope
  }

  /** The stream is open: what changes from now on is told. */
  greet(): void {
    this.#push({ kind: 'hello' })
  }

  /** Something changed of which the reader may hear: told at once, or in a moment with what changes meanwhile. */
  tell(event: Changed): void {
    if (!this.#over) this.#pace.take(event)
  }

  #push(event: NoticeEvent): void {
    if (this.#over) return
    if (this.#waiting.length >= WAITING_MAX) {
      this.end({ kind: 'closed', why: 'server' })
      return
    }
    this.#waiting.push(event)
    this.#wake?.()
  }

  /** A last event, after which the stream closes. It never waits for what is held, which whoever comes back reads anyway. */
  end(event: NoticeEvent): void {
    if (this.#over) return
    this.#pace.stop()
    this.#waiting.push(event)
    this.#over = true
    this.#wake?.()
  }

  /** Close without a word: the reader is gone. */
  leave(): void {
    this.#pace.stop()
    this.#over = true
    this.#waiting = []
    this.#wake?.()
  }

  async *events(): AsyncGenerator<NoticeEvent, void> {
    for (;;) {
      const event = this.#waiting.shift()
      if (event) yield event
      else if (this.#over) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    }
  }

  /** Whether this reader may hear of a notice: the same scopes as their lists. */
  mayHear({ capability, organizationId, targetId, workspaceId, workspaceIds }: NoticeRow): boolean {
    if (capability === 'session' || capability === 'factor') return targetId === null || targetId === this.actor.id || targetId === this.actor.organizationId
    // Whoever decides hears of requests as of their workspaces; whoever asked, of their own: it is they who are named.
    if (capability === 'request' && visible(this.actor, 'user').kind === 'self') return targetId === this.actor.id
    if (this.onlyAssigned && workspaceIds.some((id) => this.#isIn(id))) return true
    const scope = visible(this.actor, capability === 'user' || workspaceId === null ? 'user' : 'workspace')
    switch (scope.kind) {
      case 'instance':
        return true
      case 'organization':
        return organizationId === scope.organizationId
      case 'assigned':
        return workspaceId !== null && this.#isIn(workspaceId)
      case 'self':
        return capability === 'user' && targetId === scope.userId
    }
  }
  #isIn(workspaceId: string): boolean {
    return (this.#workspaces.get(workspaceId) ?? 0) > Date.now()
  }
}
