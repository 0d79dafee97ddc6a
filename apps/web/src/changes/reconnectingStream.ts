import type { ChangeEvent } from '@roster/domain'

/** Opens one stream and returns a function that closes it. `failed` comes at most once, as the last call. */
export type OpenStream = (handlers: { event: (event: ChangeEvent) => void; failed: () => void }) => () => void

interface StreamOptions {
  open: OpenStream
  receive: (event: ChangeEvent) => void
  /** Checks the session after a failure. Without a session it rejects, and no stream follows. */
  authenticate: () => Promise<unknown>
  /** The delay before the next attempt, in ms. */
  delay?: (failures: number) => number
}

function backoff(failures: number): number {
  return Math.min(15_000, 500 * 2 ** failures) * (0.7 + Math.random() * 0.6)
}

/**
 * Keeps a stream open. After the server closes it, the next one opens at once and authenticates again; after a failure
 * it opens later. After `ended` none opens. Returns a function that stops it.
 */
export function openReconnectingStream({ open, receive, authenticate, delay = backoff }: StreamOptions): () => void {
  let stopped = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let close: () => void = () => undefined

  function connect(): void {
    if (stopped) return
    close = open({
      event(event) {
        if (stopped) return
        if (event.kind === 'hello') failures = 0
        receive(event)
        if (event.kind === 'ended') stop()
        if (event.kind === 'closed') {
          close()
          // A draining server closes each stream, so repeated attempts need a delay.
          timer = setTimeout(connect, failures++ === 0 ? 0 : delay(failures))
        }
      },
      failed() {
        if (stopped) return
        close()
        timer = setTimeout(() => void authenticate().then(connect, () => undefined), delay(failures++))
      },
    })
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
    close()
  }

  connect()
  return stop
}
