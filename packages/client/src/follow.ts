import { type ChangeEvent, type OpenStream, openReconnectingStream } from '@roster/domain'

/**
 * A change that `follow` yields. `hello` comes after each connection. `resumed`: the changes since the last one follow,
 * so nothing was missed. Otherwise anything may have changed, so fetch again what you keep. `changed` names what to
 * fetch again, by id. `ended` comes last, when the session has ended.
 */
export type Change = Exclude<ChangeEvent, { kind: 'closed' | 'heartbeat' }>

interface FollowOptions {
  open: OpenStream
  /** Rejects when the server refuses the session. */
  authenticate: () => Promise<unknown>
  signal?: AbortSignal | undefined
}

/**
 * Subscribes to changes and reconnects until the session ends or `signal` is aborted.
 * @throws NOT_SIGNED_IN without a session
 */
export async function* follow({ open, authenticate, signal }: FollowOptions): AsyncGenerator<Change, void, undefined> {
  if (signal?.aborted) return
  const queue: Change[] = []
  let refusal: { error: unknown } | undefined
  let wake: () => void = () => undefined
  const stop = openReconnectingStream({
    open,
    authenticate,
    receive(event) {
      if (event.kind === 'closed' || event.kind === 'heartbeat') return
      queue.push(event)
      wake()
    },
    refused(error) {
      refusal = { error }
      wake()
    },
  })
  const onAbort = () => wake()
  signal?.addEventListener('abort', onAbort)
  try {
    while (!signal?.aborted) {
      const change = queue.shift()
      if (change) {
        yield change
        if (change.kind === 'ended') return
      } else if (refusal) throw refusal.error
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    stop()
  }
}
