import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeEvent, Refusal } from '@roster/domain'
import { onTestFinished } from 'vitest'

/** How a stream was over: its last event, or what it was refused with. */
export interface StreamEnd {
  last: ChangeEvent | undefined
  refusal: Refusal | undefined
  /** When the connection closed, by `performance.now()`. */
  at: number
}

/** An open console's ear: what it heard so far, and when the server closed it. */
export interface ObservedStream {
  events: readonly ChangeEvent[]
  /** Undefined while it is open. */
  readonly end: StreamEnd | undefined
  /** Wait until something is heard. @throws when the stream ends without it */
  heard: (what: (event: ChangeEvent) => boolean) => Promise<ChangeEvent>
  /** Wait until the server closes it. */
  ended: () => Promise<StreamEnd>
}

/** How long a test waits for what has to come. Milliseconds. */
const TIMEOUT_MS = 10_000

/** Open `changes.subscribe` at a listening node as a browser does; it is let go of at the test's end. */
export async function openStream(address: string, cookie: string): Promise<ObservedStream> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const answer = await fetch(`${address}/trpc/changes.subscribe`, { headers: { cookie, accept: 'text/event-stream' }, signal: leaving.signal })
  if (!answer.body) throw new Error(`no stream but ${answer.status}`)
  const events: ChangeEvent[] = []
  let refusal: Refusal | undefined
  let end: StreamEnd | undefined
  void read(answer.body, {
    event: (event) => void events.push(event),
    refused: (why) => {
      refusal = why
    },
  }).finally(() => {
    end = { last: events.at(-1), refusal, at: performance.now() }
  })
  return reading(events, () => end)
}

function reading(events: readonly ChangeEvent[], endNow: () => StreamEnd | undefined): ObservedStream {
  return {
    events,
    get end() {
      return endNow()
    },
    heard: (what) =>
      until('the event', () => {
        const event = events.find(what)
        if (!event && endNow()) throw new Error(`the stream ended without it: ${JSON.stringify([events, endNow()])}`)
        return event
      }),
    ended: () => until('the end of the stream', endNow),
  }
}

/** Whether the server sent a reader away who may come back at once. */
const isSentAway = ({ last }: StreamEnd): boolean => last?.kind === 'closed' && last.why === 'server'

/** A stream that is surely open: its reader was greeted. One that a slow machine's node closed again is opened anew, as a console does. */
export async function connectedStream(address: string, cookie: string): Promise<ObservedStream> {
  for (;;) {
    const stream = await openStream(address, cookie)
    const greeted = await until('the greeting', () => stream.events.some(({ kind }) => kind === 'hello') || stream.end)
    if (greeted === true) return stream
    if (!isSentAway(greeted)) throw new Error(`no greeting but ${JSON.stringify(greeted)}`)
  }
}

/** A console's ear that comes back whenever the server sends it away: over once the reader is cut off, or may do other things than before. */
export async function followStream(address: string, cookie: string): Promise<ObservedStream> {
  let stream = await openStream(address, cookie)
  const events: ChangeEvent[] = []
  let taken = 0
  let end: StreamEnd | undefined
  const follow = async (): Promise<void> => {
    while (!end) {
      events.push(...stream.events.slice(taken))
      taken = stream.events.length
      if (stream.end && taken === stream.events.length) {
        if (!isSentAway(stream.end)) end = stream.end
        else [stream, taken] = [await openStream(address, cookie), 0]
      }
      await sleep(5)
    }
  }
  void follow().catch(() => undefined)
  return reading(events, () => end)
}

async function read(body: ReadableStream<Uint8Array>, on: { event: (event: ChangeEvent) => void; refused: (why: Refusal) => void }): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of body) {
      const messages = (text + decoder.decode(chunk, { stream: true })).split(/\n{2,}/u)
      text = messages.pop() ?? ''
      for (const message of messages) {
        const name = /^event: (.*)$/mu.exec(message)?.[1]
        const data = /^data: (.*)$/mu.exec(message)?.[1] ?? ''
        // The named ones are tRPC's own: connected, ping, return, and an error.
        if (name === 'serialized-error') on.refused((JSON.parse(data) as { data: { refusal: Refusal } }).data.refusal)
        else if (name === undefined && data !== '') on.event(JSON.parse(data) as ChangeEvent)
      }
    }
  } catch {
    // The connection broke, or was let go of.
  }
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const start = performance.now(); performance.now() - start < TIMEOUT_MS; await sleep(5)) {
    const found = look()
    if (found !== undefined) return found
  }
  throw new Error(`${what} did not come`)
}
