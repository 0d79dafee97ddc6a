import type { NoticeEvent } from '@roster/domain'

export type Changed = Extract<NoticeEvent, { kind: 'changed' }>

/** How long what changes is gathered once something was told of its topic, and how much longer at random, so that readers don't all come at once. Milliseconds. */
const GATHERED_MS = 1_000
const SPREAD_MS = 500
/** So many changes of one topic are told one by one; more than these are one, of anything. */
const APART = 5

/**
 * Tells one reader what changed: the first change of a topic at once, and what follows it once a second, so that many changes are few events.
 * Nothing is lost by it: what is held is told by id, or as one event without one.
 */
export class Pace {
  readonly #tell: (event: Changed) => void
  readonly #wait: () => number
  /** What is held of each topic of which something was told lately, by what it is about. */
  readonly #topics = new Map<string, { held: Map<string | null, Changed>; timer: NodeJS.Timeout }>()

  constructor(tell: (event: Changed) => void, wait: () => number = () => GATHERED_MS + Math.random() * SPREAD_MS) {
    this.#tell = tell
    this.#wait = wait
  }

  /** Something changed. */
  take(event: Changed): void {
    const name = `${event.capability} ${event.workspaceId}`
    const topic = this.#topics.get(name)
    if (topic) hold(topic.held, event)
    else {
      this.#gather(name)
      this.#tell(event)
    }
  }

  /** What is held is told no more: the reader is gone, or comes back and reads everything anew. */
  stop(): void {
    for (const { timer } of this.#topics.values()) clearTimeout(timer)
    this.#topics.clear()
  }

  #gather(name: string): void {
    const held = new Map<string | null, Changed>()
    const timer = setTimeout(() => {
      this.#topics.delete(name)
      if (held.size === 0) return
      this.#gather(name)
      for (const event of held.values()) this.#tell(event)
    }, this.#wait()).unref()
    this.#topics.set(name, { held, timer })
  }
}

/** An event without a target is about anything of its topic, and so says all that the others do. */
function hold(held: Map<string | null, Changed>, event: Changed): void {
  if (held.has(null)) return
  if (event.targetId !== null && (held.size < APART || held.has(event.targetId))) {
    held.set(event.targetId, event)
    return
  }
  held.clear()
  held.set(null, { ...event, targetId: null })
}
