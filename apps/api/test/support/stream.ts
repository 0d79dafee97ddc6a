import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeEvent, Refusal } from '@roster/domain'
import { onTestFinished } from 'vitest'

/** The end of a stream: its last event, or the refusal. */
export interface StreamEnd {
  last: ChangeEvent | undefined
  refusal: Refusal | undefined
  /** When the connection closed, by `performance.now()`. */
  at: number
}

/** A client's open change stream with the events it has received. */
export interface ObservedStream {
  events: readonly ChangeEvent[]
  /** The id of the last event. */
  readonly lastEventId: string | undefined
  /** Undefined while the stream is open. */
  readonly end: StreamEnd | undefined
  /** Waits for an event. @throws when the stream ends without it */
  received: (matches: (event: ChangeEvent) => boolean) => Promise<ChangeEvent>
  /** Waits until the server closes the stream. */
  ended: () => Promise<StreamEnd>
}

/** How long a test waits for an expected event. Milliseconds. */
const TIMEOUT_MS = 10_000

/**
 * Opens `changes.subscribe` at a listening node as a browser does. The end of the test closes it. `lastEventId` is sent
 * as the header.
 */
export async function openStream(
  address: string,
  cookie: string,
  { lastEventId, input }: { lastEventId?: string; input?: object } = {},
): Promise<ObservedStream> {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const query = input === undefined ? '' : `?${new URLSearchParams({ input: JSON.stringify(input) }).toString()}`
  const answer = await fetch(`${address}/trpc/changes.subscribe${query}`, {
    headers: {
      cookie,
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  })
  if (!answer.body) throw new Error(`no stream but ${answer.status}`)
  const events: ChangeEvent[] = []
  let last: string | undefined
  let refusal: Refusal | undefined
  let end: StreamEnd | undefined
  void readEvents(answer.body, {
    onEvent: (event, id) => {
      events.push(event)
      last = id
    },
    onRefusal: (received) => {
      refusal = received
    },
  }).finally(() => {
    end = { last: events.at(-1), refusal, at: performance.now() }
  })
  return observe(
    events,
    () => end,
    () => last,
  )
}

function observe(
  events: readonly ChangeEvent[],
  currentEnd: () => StreamEnd | undefined,
  currentId: () => string | undefined,
): ObservedStream {
  return {
    events,
    get lastEventId() {
      return currentId()
    },
    get end() {
      return currentEnd()
    },
    received: (matches) =>
      waitFor('the event', () => {
        const event = events.find(matches)
        if (!event && currentEnd())
          throw new Error(`the stream ended without the event: ${JSON.stringify([events, currentEnd()])}`)
        return event
      }),
    ended: () => waitFor('the end of the stream', currentEnd),
  }
}

/** Whether the server closed a stream that the client may reopen at once. */
const mayReconnect = ({ last }: StreamEnd): boolean => last?.kind === 'closed' && last.why === 'server'

/**
 * Opens a stream and waits for its greeting. Reconnects, as a console does, when a slow node closes the stream before
 * that.
 */
export async function connectedStream(address: string, cookie: string): Promise<ObservedStream> {
  for (;;) {
    const stream = await openStream(address, cookie)
    const greeting = await waitFor(
      'the greeting',
      () => stream.events.some(({ kind }) => kind === 'hello') || stream.end,
    )
    if (greeting === true) return stream
    if (!mayReconnect(greeting)) throw new Error(`no greeting but ${JSON.stringify(greeting)}`)
  }
}

/** A stream that reconnects whenever the server closes it, until the session ends or its rights change. */
export async function followStream(address: string, cookie: string): Promise<ObservedStream> {
  let stream = await openStream(address, cookie)
  const events: ChangeEvent[] = []
  let copied = 0
  let end: StreamEnd | undefined
  const follow = async (): Promise<void> => {
    while (!end) {
      events.push(...stream.events.slice(copied))
      copied = stream.events.length
      if (stream.end && copied === stream.events.length) {
        if (!mayReconnect(stream.end)) end = stream.end
        else [stream, copied] = [await openStream(address, cookie), 0]
      }
      await sleep(5)
    }
  }
  void follow().catch(() => undefined)
  return observe(
    events,
    () => end,
    () => stream.lastEventId,
  )
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  {
    onEvent,
    onRefusal,
  }: { onEvent: (event: ChangeEvent, id: string | undefined) => void; onRefusal: (refusal: Refusal) => void },
): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of body) {
      const messages = (text + decoder.decode(chunk, { stream: true })).split(/\n{2,}/u)
      text = messages.pop() ?? ''
      for (const message of messages) {
        const name = /^event: (.*)$/mu.exec(message)?.[1]
        const data = /^data: (.*)$/mu.exec(message)?.[1] ?? ''
        // Named events are tRPC's own: connected, ping, return, and serialized-error.
        if (name === 'serialized-error') onRefusal((JSON.parse(data) as { data: { refusal: Refusal } }).data.refusal)
        else if (name === undefined && data !== '')
          onEvent(JSON.parse(data) as ChangeEvent, /^id: (.*)$/mu.exec(message)?.[1])
      }
    }
  } catch {
    // The connection broke or was closed.
  }
}

async function waitFor<T>(what: string, find: () => T | undefined): Promise<T> {
  for (const start = performance.now(); performance.now() - start < TIMEOUT_MS; await sleep(5)) {
    const found = find()
    if (found !== undefined) return found
  }
  throw new Error(`timed out waiting for ${what}`)
}
