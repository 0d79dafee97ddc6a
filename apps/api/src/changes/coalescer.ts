import type { ChangeEvent } from '@roster/domain'
import { older, type Position } from './eventId.ts'

export type ChangedEvent = Extract<ChangeEvent, { kind: 'changed' }>

type Pending = Map<string | null, ChangedEvent>

/** Events that follow the first one of a topic are collected for this long. Milliseconds. */
const WINDOW_MS = 1_000
/** At most this much is added at random, so that consoles don't all refetch at the same moment. Milliseconds. */
const JITTER_MS = 500
/** More pending targets of a topic than this become one event without a target. */
const PENDING_TARGETS_MAX = 5

/**
 * Reduces the events of one connection: sends the first event of a topic at once, and those that follow once per
 * window. A topic is one capability in one workspace. Drops no change: a window sends every pending target, or one
 * event that covers the whole topic. Each event is sent with the position after which the client lacks nothing.
 */
export class Coalescer {
  readonly #send: (event: ChangedEvent, position: Position) => void
  readonly #delay: () => number
  /** The open windows by topic, each with its pending events by target, and the position before the first of them. */
  readonly #windows = new Map<string, { pending: Pending; since: Position | undefined; timer: NodeJS.Timeout }>()

  constructor(
    send: (event: ChangedEvent, position: Position) => void,
    delay: () => number = () => WINDOW_MS + Math.random() * JITTER_MS,
  ) {
    this.#send = send
    this.#delay = delay
  }

  /** Takes an event that happened after `position`. */
  add(event: ChangedEvent, position: Position): void {
    const topic = `${event.capability} ${event.workspaceId}`
    const window = this.#windows.get(topic)
    if (window) {
      window.since ??= position
      coalesce(window.pending, event)
    } else {
      this.#openWindow(topic)
      this.#send(event, this.sentUpTo(position))
    }
  }

  /** The position after which the client lacks events that wait here; `position` when none waits. */
  sentUpTo(position: Position): Position {
    let oldest = position
    for (const { since } of this.#windows.values()) if (since) oldest = older(since, oldest)
    return oldest
  }

  /** Discards pending events: a console that reconnects refetches everything. */
  stop(): void {
    for (const { timer } of this.#windows.values()) clearTimeout(timer)
    this.#windows.clear()
  }

  #openWindow(topic: string): void {
    const pending: Pending = new Map()
    const timer = setTimeout(() => {
      const since = this.#windows.get(topic)?.since
      this.#windows.delete(topic)
      if (!since) return
      // The client may lose the connection between two of these events.
      const position = this.sentUpTo(since)
      this.#openWindow(topic)
      for (const event of pending.values()) this.#send(event, position)
    }, this.#delay()).unref()
    this.#windows.set(topic, { pending, since: undefined, timer })
  }
}

/** An event without a target covers every target of its topic, so it replaces them. */
function coalesce(pending: Pending, event: ChangedEvent): void {
  if (pending.has(null)) return
  if (event.targetId !== null && (pending.size < PENDING_TARGETS_MAX || pending.has(event.targetId))) {
    pending.set(event.targetId, event)
    return
  }
  pending.clear()
  pending.set(null, { ...event, targetId: null })
}
