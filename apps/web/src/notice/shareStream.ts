import type { NoticeEvent } from '@roster/domain'

interface ShareOptions {
  /** One name per session, so that tabs of different people never hear each other. */
  name: string
  /** Keeps the one stream open while this tab is the one to hold it; the answer lets go of it. */
  hold: (receive: (event: NoticeEvent) => void) => () => void
  receive: (event: NoticeEvent) => void
}

/**
 * One stream for all tabs of a browser, since HTTP/1.1 allows six connections to a server in all: one tab holds it and tells the others;
 * when that tab goes, another takes over. Gives back how to stop.
 */
export function shareStream(options: ShareOptions): () => void {
  // Web Locks exist on https and on loopback only; on plain http elsewhere each tab has a stream of its own, while it is seen.
  return 'locks' in navigator && 'BroadcastChannel' in globalThis ? shareByLock(options) : holdWhileVisible(options)
}

function shareByLock({ name, hold, receive }: ShareOptions): () => void {
  const channel = new BroadcastChannel(name)
  const abort = new AbortController()
  channel.onmessage = (message: MessageEvent<NoticeEvent>) => receive(message.data)

  navigator.locks
    .request(name, { signal: abort.signal }, () => {
      const release = hold((event) => {
        channel.postMessage(event)
        receive(event)
      })
      return new Promise<void>((resolve) => {
        abort.signal.addEventListener('abort', () => {
          release()
          resolve()
        })
      })
    })
    .catch(() => undefined)

  return () => {
    abort.abort()
    channel.close()
  }
}

function holdWhileVisible({ hold, receive }: ShareOptions): () => void {
  let release: (() => void) | undefined
  function follow(): void {
    if (!document.hidden) release ??= hold(receive)
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
