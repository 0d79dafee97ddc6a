import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ChangedEvent, Coalescer } from './coalescer.ts'
import type { Position } from './eventId.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const workspaceId = randomUUID()
const changed = (targetId: string | null, more: Partial<ChangedEvent> = {}): ChangedEvent => ({
  kind: 'changed',
  capability: 'member',
  targetId,
  workspaceId,
  ...more,
})

/** A position by its transaction. */
const at = (transaction: number): Position => ({ transaction: String(transaction), source: 'x', at: 0 })

function testCoalescer() {
  const sent: ChangedEvent[] = []
  const positions: string[] = []
  const coalescer = new Coalescer(
    (event, { transaction }) => {
      sent.push(event)
      positions.push(transaction)
    },
    () => 1_000,
  )
  return { sent, positions, coalescer }
}

test('sends the first event at once, and each pending target once when the window ends', () => {
  const { sent, coalescer } = testCoalescer()
  for (const id of ['a', 'b', 'c', 'b']) coalescer.add(changed(id), at(1))
  expect(sent).toEqual([changed('a')])
  vi.advanceTimersByTime(999)
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sent).toEqual([changed('a'), changed('b'), changed('c')])
  coalescer.add(changed('d'), at(1))
  expect(sent).toHaveLength(3)
  vi.advanceTimersByTime(1_000)
  expect(sent.at(-1)).toEqual(changed('d'))
})

test('merges many events into one without a target per window, and never drops the last one', () => {
  const { sent, coalescer } = testCoalescer()
  for (let ms = 0; ms < 5_000; ms += 10) {
    coalescer.add(changed(`user ${ms}`), at(1))
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(1_000)
  expect(sent[0]).toEqual(changed('user 0'))
  expect(sent.slice(1)).toEqual(Array.from({ length: 5 }, () => changed(null)))
})

test('sends an event at once again after a window without events', () => {
  const { sent, coalescer } = testCoalescer()
  coalescer.add(changed('a'), at(1))
  vi.advanceTimersByTime(1_000)
  coalescer.add(changed('a'), at(1))
  expect(sent).toEqual([changed('a'), changed('a')])
})

test('keeps a separate window for each capability and workspace', () => {
  const { sent, coalescer } = testCoalescer()
  const events = [
    changed('a'),
    changed('a', { workspaceId: null }),
    changed('a', { workspaceId: randomUUID() }),
    changed('a', { capability: 'workspace' }),
  ]
  for (const event of events) coalescer.add(event, at(1))
  expect(sent).toEqual(events)
})

test('discards pending events and timers when it is stopped', () => {
  const { sent, coalescer } = testCoalescer()
  for (const id of ['a', 'b']) coalescer.add(changed(id), at(1))
  coalescer.stop()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(5_000)
  expect(sent).toEqual([changed('a')])
})

test('sends each event with the position before the oldest one that waits', () => {
  const { positions, coalescer } = testCoalescer()
  coalescer.add(changed('a'), at(1))
  coalescer.add(changed('b'), at(2))
  coalescer.add(changed('c'), at(3))
  coalescer.add(changed('a', { capability: 'workspace' }), at(4))
  expect(positions).toEqual(['1', '2'])
  expect(coalescer.sentUpTo(at(5))).toEqual(at(2))
  vi.advanceTimersByTime(1_000)
  expect(positions).toEqual(['1', '2', '2', '2'])
  expect(coalescer.sentUpTo(at(5))).toEqual(at(5))
})
