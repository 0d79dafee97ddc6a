import type { ChangeEvent } from '@roster/domain'

export type ChangedEvent = Extract<ChangeEvent, { kind: 'changed' }>

/** Events that follow the first one of a topic are collected for this long. Milliseconds. */
const WINDOW_MS = 1_000
/** At most this much is added at random, so that consoles don't all refetch at the same moment. Milliseconds. */
const JITTER_MS = 500
/** More pending targets of a topic than this become one event without a target. */
const PENDING_TARGETS_MAX = 5

/**
 * Reduces the events of one connection: sends the first event of a topic at once, and those that follow once per
 * window. A topic is one capability in one workspace. Drops no change: a window sends every pending target, or one
 * event that covers the whole topic.
 */
export class Coalescer {
  readonly #send: (event: ChangedEvent) => void
  readonly #delay: () => number
  /** The open windows by topic, each with its pending events by target. */
  readonly #windows = new Map<string, { pending: Map<string | null, ChangedEvent>; timer: NodeJS.Timeout }>()

  constructor(send: (event: ChangedEvent) => void, delay: () => number = () => WINDOW_MS + Math.random() * JITTER_MS) {
    this.#send = send
    this.#delay = delay
  }

  add(event: ChangedEvent): void {
    const topic = `${event.capability} ${event.workspaceId}`
    const window = this.#windows.get(topic)
    if (window) coalesce(window.pending, event)
    else {
      this.#openWindow(topic)
      this.#send(event)
    }
  }

  /** Discards pending events: a console that reconnects refetches everything. */
  stop(): void {
    for (const { timer } of this.#windows.values()) clearTimeout(timer)
    this.#windows.clear()
  }

  #openWindow(topic: string): void {
    const pending = new Map<string | null, ChangedEvent>()
    const timer = setTimeout(() => {
      this.#windows.delete(topic)
      if (pending.size === 0) return
      this.#openWindow(topic)
      for (const event of pending.values()) this.#send(event)
    }, this.#delay()).unref()
    this.#windows.set(topic, { pending, timer })
  }
}

/** An event without a target covers every target of its topic, so it replaces them. */
function coalesce(pending: Map<string | null, ChangedEvent>, event: ChangedEvent): void {
  if (pending.has(null)) return
  if (event.targetId !== null && (pending.size < PENDING_TARGETS_MAX || pending.has(event.targetId))) {
    pending.set(event.targetId, event)
    return
  }
  pending.clear()
  pending.set(null, { ...event, targetId: null })
}
