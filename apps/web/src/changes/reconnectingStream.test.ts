import type { ChangeEvent } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { type OpenStream, openReconnectingStream } from './reconnectingStream.ts'

function fakeStreams() {
  const opened: { event: (event: ChangeEvent) => void; failed: () => void; closed: boolean }[] = []
  const open: OpenStream = (handlers) => {
    const stream = { ...handlers, closed: false }
    opened.push(stream)
    return () => {
      stream.closed = true
    }
  }
  return { opened, open, openNow: () => opened.filter((stream) => !stream.closed) }
}
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve, 20))
  await flushPromises()
}

test('opens a new stream after the server closes one', async () => {
  const { opened, open, openNow } = fakeStreams()
  const received: string[] = []
  const stop = openReconnectingStream({
    open,
    receive: (event) => received.push(event.kind),
    authenticate: async () => undefined,
    delay: () => 0,
  })
  opened[0]?.event({ kind: 'hello' })
  opened[0]?.event({ kind: 'closed', why: 'access-changed' })
  await settled()
  expect(opened).toHaveLength(2)
  expect(openNow()).toHaveLength(1)
  expect(received).toEqual(['hello', 'closed'])
  stop()
  expect(openNow()).toHaveLength(0)
})

test('opens no stream after the session has ended', async () => {
  const { opened, open, openNow } = fakeStreams()
  const authenticate = vi.fn(async () => undefined)
  openReconnectingStream({ open, receive: () => undefined, authenticate, delay: () => 0 })
  opened[0]?.event({ kind: 'ended', reason: 'suspended' })
  opened[0]?.failed()
  await settled()
  expect(opened).toHaveLength(1)
  expect(openNow()).toHaveLength(0)
  expect(authenticate).not.toHaveBeenCalled()
})

test('opens a new stream after a failure, once the session is confirmed', async () => {
  const { opened, open } = fakeStreams()
  openReconnectingStream({ open, receive: () => undefined, authenticate: async () => undefined, delay: () => 0 })
  opened[0]?.failed()
  await settled()
  expect(opened).toHaveLength(2)
})

test('opens no stream after a failure without a session', async () => {
  const { opened, open } = fakeStreams()
  openReconnectingStream({
    open,
    receive: () => undefined,
    authenticate: () => Promise.reject(new Error('SESSION_ENDED')),
    delay: () => 0,
  })
  opened[0]?.failed()
  await settled()
  expect(opened).toHaveLength(1)
})
