import type { ChangeEvent } from '@roster/domain'

interface ShareOptions {
  /** One name per session, so that tabs of different sessions share nothing. */
  name: string
  /** Opens the stream in this tab. Returns a function that closes it. */
  connect: (receive: (event: ChangeEvent) => void) => () => void
  /**
   * Receives every event. It gets a `hello` only after a gap: the first stream opens with the page, so its `hello` is
   * left out.
   */
  receive: (event: ChangeEvent) => void
}

/**
 * Shares one stream among all tabs of a browser, since HTTP/1.1 allows six connections per server. One tab is the
 * leader: it opens the stream and broadcasts the events. When it closes, another tab becomes the leader. Returns a
 * function that stops it.
 */
export function shareStream(options: ShareOptions): () => void {
  // Web Locks exist on https and loopback only. On plain http elsewhere each visible tab has a stream of its own.
  return 'locks' in navigator && 'BroadcastChannel' in globalThis ? shareByLock(options) : connectWhileVisible(options)
}

function withoutFirstHello(receive: ShareOptions['receive']): ShareOptions['receive'] {
  let isFirst = true
  return (event) => {
    if (event.kind !== 'hello' || !isFirst) receive(event)
    else isFirst = false
  }
}

function shareByLock({ name, connect, receive }: ShareOptions): () => void {
  const channel = new BroadcastChannel(name)
  const abort = new AbortController()
  // A follower had no stream of its own, so each `hello` that it receives follows a gap.
  channel.onmessage = (message: MessageEvent<ChangeEvent>) => receive(message.data)

  function leadUntilStopped(receiveOwn: ShareOptions['receive']): Promise<void> {
    const disconnect = connect((event) => {
      channel.postMessage(event)
      receiveOwn(event)
    })
    return new Promise((resolve) => {
      abort.signal.addEventListener('abort', () => {
        disconnect()
        resolve()
      })
    })
  }
  // The lock is `null` if another tab leads. This tab then queues for it, and takes over after a gap.
  navigator.locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock && !abort.signal.aborted) return leadUntilStopped(withoutFirstHello(receive))
      return undefined
    })
    .then(() => navigator.locks.request(name, { signal: abort.signal }, () => leadUntilStopped(receive)))
    .catch(() => undefined)

  return () => {
    abort.abort()
    channel.close()
  }
}

function connectWhileVisible({ connect, receive }: ShareOptions): () => void {
  const receiveOwn = withoutFirstHello(receive)
  let disconnect: (() => void) | undefined
  function update(): void {
    if (!document.hidden) disconnect ??= connect(receiveOwn)
    else {
      disconnect?.()
      disconnect = undefined
    }
  }
  document.addEventListener('visibilitychange', update)
  update()
  return () => {
    document.removeEventListener('visibilitychange', update)
    disconnect?.()
  }
}
