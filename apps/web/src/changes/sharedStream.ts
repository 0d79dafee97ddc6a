import type { ChangeEvent, Schedule } from '@roster/domain'
import { type Election, type ElectionMessage, joinElection } from './leaderElection.ts'
import { type TabPage, tabPage } from './tabPage.ts'

/** The leader's messages also carry the last event, and whether its stream is open. */
type Message =
  | Exclude<ElectionMessage, { kind: 'lead' }>
  | (Extract<ElectionMessage, { kind: 'lead' }> & { lastEventId: string | null; isOpen: boolean | null })
  | { kind: 'event'; from: string; term: number; event: ChangeEvent; eventId: string }

/** How a leading tab opens its stream. */
export interface LeaderStream {
  /** The last event that any tab received. */
  lastEventId: string | null
  receive: (event: ChangeEvent, eventId: string) => void
  onState: (isOpen: boolean) => void
}

interface ShareOptions {
  /** One name per session, so that tabs of different sessions share nothing. */
  name: string
  /** Opens the stream in this tab. Returns a function that closes it. */
  connect: (stream: LeaderStream) => () => void
  /**
   * The last event that this tab received before. With null, the first stream opens with the page, so its `hello` is
   * left out: it would only reload what has just been loaded.
   */
  lastEventId?: string | null
  receive: (event: ChangeEvent, eventId: string) => void
  /** Says whether the stream is open, wherever it is. */
  onState?: (isOpen: boolean) => void
  page?: TabPage
  schedule?: Schedule
}

/**
 * Shares one stream among all tabs and windows of a browser, since HTTP/1.1 allows six connections per server. The
 * leader opens the stream and passes the events on. The next leader continues after the last event. Returns a function
 * that stops it.
 */
export function shareStream(options: ShareOptions): () => void {
  const { name, connect, receive, onState = () => undefined, page = tabPage, schedule } = options
  const channel = new BroadcastChannel(name)
  let lastEventId = options.lastEventId ?? null
  let isOpen: boolean | null = null
  let isFirst = lastEventId === null
  let disconnect: () => void = () => undefined

  function post(message: Message): void {
    channel.postMessage(message)
  }
  function deliver(event: ChangeEvent, eventId: string): void {
    lastEventId = eventId
    const isFirstHello = isFirst && event.kind === 'hello'
    isFirst = false
    if (!isFirstHello) receive(event, eventId)
  }
  function setOpen(open: boolean | null): void {
    if (open !== null && open !== isOpen) onState(open)
    isOpen = open
  }

  const election: Election = joinElection({
    post: (message) => post(message.kind === 'lead' ? { ...message, lastEventId, isOpen } : message),
    isVisible: page.isVisible,
    onLead() {
      disconnect = connect({
        lastEventId,
        receive(event, eventId) {
          post({ kind: 'event', from: election.id, term: election.term, event, eventId })
          deliver(event, eventId)
        },
        onState(open) {
          setOpen(open)
          post({ kind: 'lead', from: election.id, term: election.term, lastEventId, isOpen })
          if (!open && election.shouldResign()) election.resign()
        },
      })
    },
    onStepDown: () => disconnect(),
    ...(schedule ? { schedule } : {}),
  })

  channel.onmessage = ({ data: message }: MessageEvent<Message>) => {
    if (message.kind !== 'event' && message.kind !== 'lead') {
      election.receive(message)
      return
    }
    election.receive({ kind: 'lead', from: message.from, term: message.term })
    // The stream of a replaced leader stays behind: this tab receives the same from the new one.
    if (election.role !== 'follower' || message.term < election.term) return
    if (message.kind === 'event') deliver(message.event, message.eventId)
    else {
      isFirst = false
      lastEventId = message.lastEventId ?? lastEventId
      setOpen(message.isOpen)
    }
  }
  const unlisten = page.listen({ shown: election.check, frozen: election.resign, left: stop })

  function stop(): void {
    unlisten()
    election.stop()
    disconnect()
    channel.close()
  }
  return stop
}
