import type { ChangeEvent } from '../procedure/capability.ts'
import { isTemporary, refusalOf } from '../refusal/failure.ts'

/**
 * Opens one stream that continues after `lastEventId`, and returns a function that closes it. `failed` says that the
 * stream ended without a last event, or that no server answers.
 */
export type OpenStream = (
  lastEventId: string | null,
  handlers: { event: (event: ChangeEvent, eventId: string) => void; failed: (error?: unknown) => void },
) => () => void

/** Runs a function after some milliseconds. Returns a function that cancels it. */
export type Schedule = (run: () => void, ms: number) => () => void

export interface StreamOptions {
  open: OpenStream
  /** Receives each event, with the id after which another stream continues. */
  receive: (event: ChangeEvent, eventId: string) => void
  /** Checks the session after a failure. It rejects when the server refuses it or can't be reached. */
  authenticate: () => Promise<unknown>
  /** Receives the refusal that ends the stream: only signing in helps. */
  refused: (error: unknown) => void
  /** Says whether a stream is open, after each `hello` and each failure. */
  onState?: (open: boolean) => void
  /** The session that a stream must have. Another one's events are not received. */
  sessionId?: string
  /** Called instead of `receive`, as the last call, when a stream has another session. */
  replaced?: () => void
  /** The id of the last event that was received before. */
  lastEventId?: string | null
  /** The delay before the next attempt, in ms. */
  delay?: (failures: number) => number
  schedule?: Schedule
}

/** Exponential up to 15 s, with jitter, so that clients don't return at the same time. Milliseconds. */
export function backoff(failures: number): number {
  return Math.min(15_000, 250 * 2 ** failures) * (0.7 + Math.random() * 0.6)
}

/** `setTimeout` as a `Schedule`. */
export function schedule(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/**
 * Keeps a change stream open until the session ends. After the server closes it, the next one opens at once and
 * authenticates again. After a failure it opens later, once the session is confirmed. Each stream continues after the
 * last event. Returns a function that stops it.
 */
export function openReconnectingStream(options: StreamOptions): () => void {
  const { receive, authenticate, refused, onState = () => undefined, delay = backoff } = options
  const later = options.schedule ?? schedule
  let lastEventId = options.lastEventId ?? null
  let failures = 0
  /** Counts the streams, so that a call of an earlier one has no effect. */
  let current = 0
  let close: () => void = () => undefined
  let cancel: () => void = () => undefined

  function connect(): void {
    const stream = ++current
    const isCurrent = () => stream === current
    close = options.open(lastEventId, {
      event: (event, eventId) => {
        if (isCurrent()) handle(event, eventId)
      },
      failed: (error) => {
        if (isCurrent()) fail(error)
      },
    })
    // A stream that failed while it opened has nothing to close later.
    if (!isCurrent()) close()
  }

  function handle(event: ChangeEvent, eventId: string): void {
    if (event.kind === 'hello') {
      if (options.sessionId !== undefined && event.sessionId !== options.sessionId) {
        end()
        options.replaced?.()
        return
      }
      failures = 0
      onState(true)
    }
    lastEventId = eventId
    if (event.kind === 'ended') end()
    if (event.kind === 'closed') {
      end()
      // A draining server closes each stream, so repeated attempts need a delay.
      cancel = later(connect, failures++ === 0 ? 0 : delay(failures))
    }
    receive(event, eventId)
  }

  function fail(error: unknown): void {
    end()
    if (refusalOf(error) !== null && !isTemporary(error)) {
      refused(error)
      return
    }
    onState(false)
    const failed = current
    cancel = later(() => {
      authenticate().then(
        () => {
          if (failed === current) connect()
        },
        (reason: unknown) => {
          if (failed === current) fail(reason)
        },
      )
    }, delay(failures++))
  }

  function end(): void {
    current++
    cancel()
    close()
    close = () => undefined
  }

  connect()
  return end
}
