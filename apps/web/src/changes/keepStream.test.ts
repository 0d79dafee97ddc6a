import type { ChangeEvent } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { keepStream, type OpenStream } from './keepStream.ts'

function streams() {
  const opened: { event: (event: ChangeEvent) => void; failed: () => void; closed: boolean }[] = []
  const open: OpenStream = (on) => {
    const stream = { ...on, closed: false }
    opened.push(stream)
    return () => {
      stream.closed = true
    }
  }
  return { opened, open, openNow: () => opened.filter((stream) => !stream.closed) }
}
const soon = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  await flushPromises()
}

test('a stream that the server closes is followed by another one, authenticated anew', async () => {
  const { opened, open, openNow } = streams()
  const received: string[] = []
  const stop = keepStream({ open, receive: (event) => received.push(event.kind), authenticate: async () => undefined, wait: () => 0 })
  opened[0]?.event({ kind: 'hello' })
  opened[0]?.event({ kind: 'closed', why: 'access-changed' })
  await soon()
  expect(opened).toHaveLength(2)
  expect(openNow()).toHaveLength(1)
  expect(received).toEqual(['hello', 'closed'])
  stop()
  expect(openNow()).toHaveLength(0)
})

test('after the session is over no stream is opened any more', async () => {
  const { opened, open, openNow } = streams()
  const authenticate = vi.fn(async () => undefined)
  keepStream({ open, receive: () => undefined, authenticate, wait: () => 0 })
  opened[0]?.event({ kind: 'ended', reason: 'suspended' })
  opened[0]?.failed()
  await soon()
  expect(opened).toHaveLength(1)
  expect(openNow()).toHaveLength(0)
  expect(authenticate).not.toHaveBeenCalled()
})

test('a stream that breaks is opened again once somebody is known to be signed in', async () => {
  const { opened, open } = streams()
  keepStream({ open, receive: () => undefined, authenticate: async () => undefined, wait: () => 0 })
  opened[0]?.failed()
  await soon()
  expect(opened).toHaveLength(2)
})

test('a stream that breaks because nobody is signed in is not opened again', async () => {
  const { opened, open } = streams()
  keepStream({ open, receive: () => undefined, authenticate: () => Promise.reject(new Error('SESSION_ENDED')), wait: () => 0 })
  opened[0]?.failed()
  await soon()
  expect(opened).toHaveLength(1)
})
