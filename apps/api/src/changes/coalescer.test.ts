import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Changed, Coalescer } from './coalescer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const workspaceId = randomUUID()
const of = (targetId: string | null, more: Partial<Changed> = {}): Changed => ({ kind: 'changed', capability: 'member', targetId, workspaceId, ...more })

function reader() {
  const told: Changed[] = []
  return {
    told,
    pace: new Coalescer(
      (event) => told.push(event),
      () => 1_000,
    ),
  }
}

test('the first change is told at once, a few that follow within a second together after it, each by its id and once', () => {
  const { told, pace } = reader()
  for (const id of ['a', 'b', 'c', 'b']) pace.add(of(id))
  expect(told).toEqual([of('a')])
  vi.advanceTimersByTime(999)
  expect(told).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(told).toEqual([of('a'), of('b'), of('c')])
  pace.add(of('d'))
  expect(told).toHaveLength(3)
  vi.advanceTimersByTime(1_000)
  expect(told.at(-1)).toEqual(of('d'))
})

test('many changes are one event that is about anything, and the last of them is never lost', () => {
  const { told, pace } = reader()
  for (let ms = 0; ms < 5_000; ms += 10) {
    pace.add(of(`person ${ms}`))
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(1_000)
  expect(told[0]).toEqual(of('person 0'))
  expect(told.slice(1)).toEqual(Array.from({ length: 5 }, () => of(null)))
})

test('after a quiet second a change is told at once again', () => {
  const { told, pace } = reader()
  pace.add(of('a'))
  vi.advanceTimersByTime(1_000)
  pace.add(of('a'))
  expect(told).toEqual([of('a'), of('a')])
})

test('what is about something else waits for nothing', () => {
  const { told, pace } = reader()
  const events = [of('a'), of('a', { workspaceId: null }), of('a', { workspaceId: randomUUID() }), of('a', { capability: 'workspace' })]
  for (const event of events) pace.add(event)
  expect(told).toEqual(events)
})

test('whoever is gone is told nothing more, and no timer stays', () => {
  const { told, pace } = reader()
  for (const id of ['a', 'b']) pace.add(of(id))
  pace.stop()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(5_000)
  expect(told).toEqual([of('a')])
})
