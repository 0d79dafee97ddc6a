import type { NoticeRow } from '@roster/db'
import type { NoticeEvent, Role } from '@roster/domain'

/** More waiting events than this and the reader is too slow: it is sent away to come back and fetch anew. */
const WAITING_MAX = 500

/** One open stream: who reads it, and what waits to be read. */
export class Subscriber {
  readonly sessionId: string
  readonly userId: string
  readonly role: Role
  readonly organizationId: string
  /** The workspaces a default user is in, kept true by the hub; others see their scope's. */
  readonly workspaceIds: Set<string>
  #waiting: NoticeEvent[] = []
  #over = false
  #wake: (() => void) | undefined

  constructor(who: { sessionId: string; userId: string; role: Role; organizationId: string }, workspaceIds: Set<string>) {
    this.sessionId = who.sessionId
    this.userId = who.userId
    this.role = who.role
    this.organizationId = who.organizationId
    this.workspaceIds = workspaceIds
  }

  get over(): boolean {
    return this.#over
  }

  push(event: NoticeEvent): void {
    if (this.#over) return
    if (this.#waiting.length >= WAITING_MAX) {
      this.end({ kind: 'closed', why: 'server' })
      return
    }
    this.#waiting.push(event)
    this.#wake?.()
  }

  /** A last event, after which the stream closes. */
  end(event: NoticeEvent): void {
    if (this.#over) return
    this.#waiting.push(event)
    this.#over = true
    this.#wake?.()
  }

  /** Close without a word: the reader is gone. */
  leave(): void {
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

  /** Whether this reader may hear of a notice: the same scope as their lists. */
  mayHear(notice: NoticeRow): boolean {
    if (notice.capability === 'session') return notice.targetId === null || notice.targetId === this.userId
    if (this.role === 'administrator') return true
    if (notice.organizationId !== this.organizationId) return false
    if (this.role === 'manager') return true
    if (notice.capability === 'user') return notice.targetId === this.userId
    return notice.workspaceId !== null && this.workspaceIds.has(notice.workspaceId)
  }
}
