import { expect, test } from 'vitest'
import type { ChangeEvent } from '../procedure/capability.ts'
import { backoff, type OpenStream, openReconnectingStream, type StreamOptions } from './reconnectingStream.ts'

const hello = (sessionId = 's1'): ChangeEvent => ({ kind: 'hello', connectionId: 'c1', sessionId, resumed: false })
const changed: ChangeEvent = { kind: 'changed', capability: 'user', targetId: null, workspaceId: null }
const closed: ChangeEvent = { kind: 'closed', why: 'server' }
const refusal = (code: string) => Object.assign(new Error(code), { data: { refusal: { code, details: {} } } })

/** A stream with a network and a clock that the test moves. */
function streamUnderTest(options: Partial<StreamOptions> = {}) {
  const opened: (Parameters<OpenStream>[1] & { after: string | null; open: boolean })[] = []
  const pending: { run: () => void; ms: number }[] = []
  const log: string[] = []
  const stop = openReconnectingStream({
    open: (after, handlers) => {
      const stream = { ...handlers, after, open: true }
      opened.push(stream)
      return () => {
        stream.open = false
      }
    },
    receive: (event, id) => log.push(`${event.kind} ${id}`),
    authenticate: async () => log.push('authenticate'),
    refused: (error) => log.push(`refused ${String(error)}`),
    onState: (open) => log.push(open ? 'up' : 'down'),
    replaced: () => log.push('replaced'),
    delay: (failures) => 1000 * (failures + 1),
    schedule: (run, ms) => {
      const timer = { run, ms }
      pending.push(timer)
      return () => {
        const at = pending.indexOf(timer)
        if (at >= 0) pending.splice(at, 1)
      }
    },
    ...options,
  })
  return {
    log,
    opened,
    latest: () => opened.at(-1) ?? expect.fail('no stream'),
    openNow: () => opened.filter(({ open }) => open).length,
    delays: () => pending.map(({ ms }) => ms),
    /** Lets the pending delays pass, and the promises that follow. */
    async wait() {
      for (const { run } of pending.splice(0)) run()
      await new Promise(setImmediate)
    },
    stop,
  }
}

test('continues each stream after the last event, at once when the server closes it', async () => {
  const stream = streamUnderTest({ lastEventId: 'e0' })
  expect(stream.latest().after).toBe('e0')
  stream.latest().event(hello(), 'e1')
  stream.latest().event(changed, 'e2')
  stream.latest().event(closed, 'e3')
  expect(stream.openNow()).toBe(0)
  expect(stream.delays()).toEqual([0])
  await stream.wait()
  expect(stream.latest().after).toBe('e3')
  expect(stream.openNow()).toBe(1)
  expect(stream.log).toEqual(['up', 'hello e1', 'changed e2', 'closed e3'])
})

test('waits before it opens again when the server closes one stream after the other', async () => {
  const stream = streamUnderTest()
  for (const delays of [[0], [3000], [4000]]) {
    stream.latest().event(closed, 'e1')
    expect(stream.delays()).toEqual(delays)
    await stream.wait()
  }
  stream.latest().event(hello(), 'e2')
  stream.latest().event(closed, 'e3')
  expect(stream.delays()).toEqual([0])
})

test('opens no stream after the session has ended', async () => {
  const stream = streamUnderTest()
  stream.latest().event({ kind: 'ended', reason: 'suspended' }, 'e1')
  stream.latest().failed()
  await stream.wait()
  expect([stream.opened.length, stream.openNow()]).toEqual([1, 0])
  expect(stream.log).toEqual(['ended e1'])
})

test('confirms the session after a failure, then opens a stream, later with each failure', async () => {
  const stream = streamUnderTest()
  for (const delay of [1000, 2000, 3000]) {
    stream.latest().failed(new Error('no network'))
    expect(stream.delays()).toEqual([delay])
    await stream.wait()
  }
  expect(stream.opened).toHaveLength(4)
  expect(stream.log).toEqual(['down', 'authenticate', 'down', 'authenticate', 'down', 'authenticate'])
})

test('tries again while the server is busy, and stops when it refuses the session', async () => {
  const answers = [refusal('BUSY'), refusal('SESSION_ENDED')]
  const stream = streamUnderTest({ authenticate: () => Promise.reject(answers.shift()) })
  stream.latest().failed()
  await stream.wait()
  expect(stream.delays()).toEqual([2000])
  await stream.wait()
  expect(stream.delays()).toEqual([])
  expect(stream.log).toEqual(['down', 'down', 'refused Error: SESSION_ENDED'])
  expect(stream.opened).toHaveLength(1)
})

test('stops at once when the stream itself is refused', () => {
  const stream = streamUnderTest()
  stream.latest().failed(refusal('PASSWORD_CHANGE_REQUIRED'))
  expect(stream.log).toEqual(['refused Error: PASSWORD_CHANGE_REQUIRED'])
  expect([stream.delays(), stream.openNow()]).toEqual([[], 0])
})

test('receives nothing from a stream of another session', async () => {
  const stream = streamUnderTest({ sessionId: 's1' })
  stream.latest().event(hello('s2'), 'e1')
  stream.latest().event(changed, 'e2')
  await stream.wait()
  expect(stream.log).toEqual(['replaced'])
  expect([stream.opened.length, stream.openNow()]).toEqual([1, 0])
})

test('ignores what a closed stream still says, and everything once it is stopped', async () => {
  const stream = streamUnderTest()
  const [first] = stream.opened
  first?.event(closed, 'e1')
  first?.event(changed, 'e2')
  first?.failed()
  await stream.wait()
  expect(stream.log).toEqual(['closed e1'])
  stream.stop()
  stream.latest().event(hello(), 'e3')
  stream.latest().failed()
  expect(stream.log).toEqual(['closed e1'])
  expect([stream.openNow(), stream.delays()]).toEqual([0, []])
})

test('the delay doubles up to 15 seconds, with jitter', () => {
  for (const [failures, ms] of [
    [0, 250],
    [3, 2_000],
    [20, 15_000],
  ] as const) {
    const delays = Array.from({ length: 50 }, () => backoff(failures))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(ms * 0.7)
    expect(Math.max(...delays)).toBeLessThanOrEqual(ms * 1.3)
    expect(new Set(delays).size).toBeGreaterThan(1)
  }
})
