import {
  CAPABILITIES,
  type Capability,
  type ChangeEvent,
  changeStreams,
  openReconnectingStream,
  type SessionEndReason,
} from '@roster/domain'
import type { Pinia } from 'pinia'
import { api } from '../lib/api.ts'
import { connectionFailed, connectionWorks } from '../lib/connection.ts'
import { refresh } from '../lib/refresh.ts'
import { handleSessionEnd } from '../lib/signInRedirect.ts'
import { useSession } from '../session/session.store.ts'
import { watchOtherAccounts } from './otherAccount.ts'
import { shareStream } from './sharedStream.ts'

/**
 * The longest delay before a refetch, in ms: all consoles receive a change at the same time and mustn't all refetch
 * then.
 */
const JITTER_MS = 300

const open = changeStreams((input, callbacks) => api.changes.subscribe.subscribe(input, callbacks))

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
      case 'hello':
        return event.resumed ? undefined : scheduleRefresh(CAPABILITIES)
      // What the user no longer sees goes at once. Otherwise the next `hello` says whether events are missing.
      case 'closed':
        return event.why === 'access-changed' ? scheduleRefresh(CAPABILITIES) : undefined
      case 'heartbeat':
        return
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
  let lastEventId: string | null = null
  let stop = follow(sessionId)

  function follow(id: string): () => void {
    const handle = changeHandler(pinia, { onEnd: (reason) => void onSessionEnd(reason) })
    return shareStream({
      lastEventId,
      name: `roster-connection-${id}`,
      connect: (stream) =>
        openReconnectingStream({
          ...stream,
          open,
          sessionId: id,
          authenticate: () => session.load(),
          replaced: () => void followNewSession().catch(() => undefined),
          // The client of the API goes to the sign-in page.
          refused: () => undefined,
        }),
      receive(event, eventId) {
        lastEventId = eventId
        handle(event)
      },
      onState: (isOpen) => (isOpen ? connectionWorks() : connectionFailed()),
    })
  }
  async function onSessionEnd(reason: SessionEndReason): Promise<void> {
    if (await handleSessionEnd(reason)) await followNewSession().catch(() => undefined)
  }
  /** The browser has a new session of the same user. Of another user, loading it reloads the page. */
  async function followNewSession(): Promise<void> {
    stop()
    const me = await session.load()
    stop = follow(me.sessionId)
  }
  const check = () => void session.load().catch(() => undefined)
  const unwatch = watchOtherAccounts(session.me.user.id, check)
  return () => {
    unwatch()
    stop()
  }
}
