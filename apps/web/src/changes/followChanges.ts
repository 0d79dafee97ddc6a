import { CAPABILITIES, type Capability, type ChangeEvent, type SessionEndReason } from '@roster/domain'
import type { Pinia } from 'pinia'
import { api } from '../lib/api.ts'
import { connectionFailed, connectionWorks } from '../lib/connection.ts'
import { refresh } from '../lib/refresh.ts'
import { handleSessionEnd } from '../lib/signInRedirect.ts'
import { useSession } from '../session/session.store.ts'
import { type OpenStream, openReconnectingStream } from './reconnectingStream.ts'
import { shareStream } from './sharedStream.ts'

/**
 * The longest delay before a refetch, in ms: all consoles receive a change at the same time and mustn't all refetch
 * then.
 */
const JITTER_MS = 300

const openStream: OpenStream = (handlers) => {
  const subscription = api.changes.subscribe.subscribe(undefined, {
    onData: handlers.event,
    onError: handlers.failed,
    onComplete: handlers.failed,
    onConnectionStateChange({ state, error }) {
      if (state === 'pending') connectionWorks()
      else if (error) connectionFailed()
    },
  })
  return () => subscription.unsubscribe()
}

interface HandlerOptions {
  /** Called when the session ends. */
  onEnd: (reason: SessionEndReason) => void
  /** The delay before a refetch, in ms. */
  delay?: () => number
}

/** Handles change events: refetches what changed, coalesced after a short delay. */
export function changeHandler(
  pinia: Pinia,
  { onEnd, delay = () => Math.random() * JITTER_MS }: HandlerOptions,
): (event: ChangeEvent) => void {
  const pending = new Set<Capability>()
  let scheduled = false

  function scheduleRefresh(capabilities: readonly Capability[]): void {
    for (const capability of capabilities) pending.add(capability)
    if (scheduled) return
    scheduled = true
    setTimeout(() => {
      scheduled = false
      const capabilitiesNow = [...pending]
      pending.clear()
      refresh(pinia, capabilitiesNow)
    }, delay())
  }

  return (event) => {
    switch (event.kind) {
      case 'changed':
        return scheduleRefresh([event.capability])
      // Events may be missing before `hello` and after `closed`, so everything is refetched.
      case 'hello':
      case 'closed':
        return scheduleRefresh(CAPABILITIES)
      case 'ended':
        return onEnd(event.reason)
    }
  }
}

/**
 * Keeps the console up to date with changes by other users, and goes to sign-in when the session ends. Returns a
 * function that stops it.
 */
export function followChanges(pinia: Pinia, sessionId: string): () => void {
  const session = useSession(pinia)
  let stop = follow(sessionId)

  function follow(id: string): () => void {
    return shareStream({
      name: `roster-changes-${id}`,
      connect: (receive) => openReconnectingStream({ open: openStream, receive, authenticate: () => session.load() }),
      receive: changeHandler(pinia, { onEnd: (reason) => void onSessionEnd(reason) }),
    })
  }
  async function onSessionEnd(reason: SessionEndReason): Promise<void> {
    if (!(await handleSessionEnd(reason))) return
    const me = await session.load()
    stop()
    stop = follow(me.sessionId)
  }
  return () => stop()
}
