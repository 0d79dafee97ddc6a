import type { ChangeEvent } from '@roster/domain'

interface ShareOptions {
  /** One name per session, so that tabs of different people never hear each other. */
  name: string
  /** Keeps the one stream open while this tab is the one to hold it; the answer lets go of it. */
  hold: (receive: (event: ChangeEvent) => void) => () => void
  /** A greeting comes here only where there was a gap before it: that of the very first stream, opened as the page was, is left out. */
  receive: (event: ChangeEvent) => void
}

/**
 * One stream for all tabs of a browser, since HTTP/1.1 allows six connections to a server in all: one tab holds it and tells the others;
 * when that tab goes, another takes over. Gives back how to stop.
 */
export function shareStream(options: ShareOptions): () => void {
  // Web Locks exist on https and on loopback only; on plain http elsewhere each tab has a stream of its own, while it is seen.
  return 'locks' in navigator && 'BroadcastChannel' in globalThis ? shareByLock(options) : connectWhileVisible(options)
}

function withoutFirstHello(receive: ShareOptions['receive']): ShareOptions['receive'] {
  let greeted = false
  return (event) => {
    if (event.kind !== 'hello' || greeted) receive(event)
    else greeted = true
  }
}

function shareByLock({ name, hold, receive }: ShareOptions): () => void {
  const channel = new BroadcastChannel(name)
  const abort = new AbortController()
  // Whoever only listens has had no stream of their own: each greeting that they hear of follows a gap.
  channel.onmessage = (message: MessageEvent<ChangeEvent>) => receive(message.data)

  function holdLockUntilStopped(own: ShareOptions['receive']): Promise<void> {
    const release = hold((event) => {
      channel.postMessage(event)
      own(event)
    })
    return new Promise((resolve) => {
      abort.signal.addEventListener('abort', () => {
        release()
        resolve()
      })
    })
  }
  // `null` where another tab holds the lock; then one queues, and takes over after a gap.
  navigator.locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock && !abort.signal.aborted) return holdLockUntilStopped(withoutFirstHello(receive))
      return undefined
    })
    .then(() => navigator.locks.request(name, { signal: abort.signal }, () => holdLockUntilStopped(receive)))
    .catch(() => undefined)

  return () => {
    abort.abort()
    channel.close()
  }
}

function connectWhileVisible({ hold, receive }: ShareOptions): () => void {
  const own = withoutFirstHello(receive)
  let release: (() => void) | undefined
  function follow(): void {
    if (!document.hidden) release ??= hold(own)
    else {
      release?.()
      release = undefined
    }
  }
  document.addEventListener('visibilitychange', follow)
  follow()
  return () => {
    document.removeEventListener('visibilitychange', follow)
    release?.()
  }
}
