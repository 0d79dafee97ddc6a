import type { ChangeEvent } from '@roster/domain'

/** Opens one stream; the answer closes it. `failed` comes at most once, and means that this stream gives nothing more. */
export type OpenStream = (on: { event: (event: ChangeEvent) => void; failed: () => void }) => () => void

interface KeepOptions {
  open: OpenStream
  receive: (event: ChangeEvent) => void
  /** Asks who is signed in, after a stream failed: rejects when nobody is, and then there is no next try. */
  authenticate: () => Promise<unknown>
  /** The wait before try `n` after failures, in ms. */
  wait?: (failures: number) => number
}

function growing(failures: number): number {
  return Math.min(15_000, 500 * 2 ** failures) * (0.7 + Math.random() * 0.6)
}

/**
 * Keeps a stream open: when the server closes it, another one at once (it authenticates anew); when it breaks, another one later.
 * After `ended` there is none. Gives back how to stop.
 */
export function keepStream({ open, receive, authenticate, wait = growing }: KeepOptions): () => void {
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
          // A server that closes again and again (it is draining) mustn't be asked without a breath.
          timer = setTimeout(connect, failures++ === 0 ? 0 : wait(failures))
        }
      },
      failed() {
        if (stopped) return
        close()
        timer = setTimeout(() => void authenticate().then(connect, () => undefined), wait(failures++))
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
