import type { ChangeEvent } from '../procedure/capability.ts'
import type { OpenStream } from './reconnectingStream.ts'

/** `changes.subscribe` of a tRPC client. */
export type SubscribeToChanges = (
  input: { lastEventId: string } | undefined,
  callbacks: {
    onData: (message: { id: string; data: ChangeEvent }) => void
    onError: (error: unknown) => void
    onComplete: () => void
    onConnectionStateChange: (state: { state: string; error: unknown }) => void
  },
) => { unsubscribe: () => void }

/**
 * Opens change streams with a tRPC client. tRPC would reconnect by itself after a lost connection, or after a time
 * without heartbeats, but with neither backoff nor authentication. So either counts as a failure.
 */
export function changeStreams(subscribe: SubscribeToChanges): OpenStream {
  return (lastEventId, { event, failed }) => {
    const subscription = subscribe(lastEventId === null ? undefined : { lastEventId }, {
      onData: ({ id, data }) => event(data, id),
      onError: failed,
      onComplete: () => failed(),
      onConnectionStateChange({ state, error }) {
        if (state === 'connecting' && error) failed(error)
      },
    })
    return () => subscription.unsubscribe()
  }
}
