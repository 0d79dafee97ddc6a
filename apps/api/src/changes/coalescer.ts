import type { ChangeEvent } from '@roster/domain'

export type Changed = Extract<ChangeEvent, { kind: 'changed' }>

/** How long what changes is gathered once something was told of its topic, and how much longer at random, so that readers don't all come at once. Milliseconds. */
const WINDOW_MS = 1_000
const JITTER_MS = 500
/** So many changes of one topic are told one by one; more than these are one, of anything. */
const SEPARATE_MAX = 5

/**
 * Tells one reader what changed: the first change of a topic at once, and what follows it once a second, so that many changes are few events.
 * Nothing is lost by it: what is pending is told by id, or as one event without one.
 */
export class Coalescer {
  readonly #send: (event: Changed) => void
  readonly #delay: () => number
  /** What is pending of each topic of which something was told lately, by what it is about. */
  readonly #topics = new Map<string, { pending: Map<string | null, Changed>; timer: NodeJS.Timeout }>()

  constructor(send: (event: Changed) => void, delay: () => number = () => WINDOW_MS + Math.random() * JITTER_MS) {
    this.#send = send
    this.#delay = delay
  }

  /** Something changed. */
  add(event: Changed): void {
    const name = `${event.capability} ${event.workspaceId}`
    const topic = this.#topics.get(name)
    if (topic) coalesce(topic.pending, event)
    else {
      this.#open(name)
      this.#send(event)
    }
  }

  /** What is pending is told no more: the reader is gone, or comes back and reads everything anew. */
  stop(): void {
    for (const { timer } of this.#topics.values()) clearTimeout(timer)
    this.#topics.clear()
  }

  #open(name: string): void {
    const pending = new Map<string | null, Changed>()
    const timer = setTimeout(() => {
      this.#topics.delete(name)
      if (pending.size === 0) return
      this.#open(name)
      for (const event of pending.values()) this.#send(event)
    }, this.#delay()).unref()
    this.#topics.set(name, { pending, timer })
  }
}

/** An event without a target is about anything of its topic, and so says all that the others do. */
function coalesce(pending: Map<string | null, Changed>, event: Changed): void {
  if (pending.has(null)) return
  if (event.targetId !== null && (pending.size < SEPARATE_MAX || pending.has(event.targetId))) {
    pending.set(event.targetId, event)
    return
  }
  pending.clear()
  pending.set(null, { ...event, targetId: null })
}
