import { CAPABILITIES, type Capability, type ChangeEvent, type SessionEndReason } from '@roster/domain'
import type { Pinia } from 'pinia'
import { api } from '../lib/api.ts'
import { connectionFailed, connectionWorks } from '../lib/connection.ts'
import { leaveEnded } from '../lib/leave.ts'
import { refresh } from '../lib/refresh.ts'
import { useSession } from '../session/session.store.ts'
import { keepStream, type OpenStream } from './keepStream.ts'
import { shareStream } from './shareStream.ts'

/** The longest wait before reading again what changed, in ms: all consoles hear of a change at once and mustn't ask at once. */
const JITTER_MS = 300

const openStream: OpenStream = (on) => {
  const subscription = api.changes.subscribe.subscribe(undefined, {
    onData: on.event,
    onError: on.failed,
    onComplete: on.failed,
    onConnectionStateChange({ state, error }) {
      if (state === 'pending') connectionWorks()
      else if (error) connectionFailed()
    },
  })
  return () => subscription.unsubscribe()
}

interface ReaderOptions {
  /** The session is over. */
  ended: (reason: SessionEndReason) => void
  /** How long to wait before reading, in ms. */
  wait?: () => number
}

/** What a console does with each notice: reads again what changed, soon and in one go. */
export function changeReader(pinia: Pinia, { ended, wait = () => Math.random() * JITTER_MS }: ReaderOptions): (event: ChangeEvent) => void {
  const stale = new Set<Capability>()
  let waiting = false

  function readSoon(capabilities: readonly Capability[]): void {
    for (const capability of capabilities) stale.add(capability)
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      const now = [...stale]
      stale.clear()
      refresh(pinia, now)
    }, wait())
  }

  return (event) => {
    switch (event.kind) {
      case 'changed':
        return readSoon([event.capability])
      // There was a gap, or is one now, in which anything may change.
      case 'hello':
      case 'closed':
        return readSoon(CAPABILITIES)
      case 'ended':
        return ended(event.reason)
    }
  }
}

/** Keeps the console up to date with what others change, and leaves at once when its session is over. */
export function followChanges(pinia: Pinia, sessionId: string): () => void {
  const session = useSession(pinia)
  let stop = follow(sessionId)

  function follow(id: string): () => void {
    return shareStream({
      name: `roster-changes-${id}`,
      hold: (receive) => keepStream({ open: openStream, receive, authenticate: () => session.load() }),
      receive: changeReader(pinia, { ended: (reason) => void goOn(reason) }),
    })
  }
  async function goOn(reason: SessionEndReason): Promise<void> {
    if (!(await leaveEnded(reason))) return
    const me = await session.load()
    stop()
    stop = follow(me.sessionId)
  }
  return () => stop()
}
