import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchProgress } from './watch.mjs'

const MINUTE = 60_000
const folder = mkdtempSync(join(tmpdir(), 'roster-watch-'))
const file = join(folder, 'progress')

afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(file, { force: true })
})

test('a stage runs for an hour while tests keep finishing', () => {
  const onStall = vi.fn()
  const unwatch = watchProgress({ file, limit: 5 * MINUTE, onStall })
  for (let minutes = 0; minutes < 60; minutes += 4) {
    vi.advanceTimersByTime(4 * MINUTE)
    appendFileSync(file, '.')
  }
  expect(onStall.mock.calls).toEqual([])
  unwatch()
})

test('a stage ends once when no test has finished for five minutes', () => {
  const onStall = vi.fn()
  watchProgress({ file, limit: 5 * MINUTE, onStall })
  vi.advanceTimersByTime(4 * MINUTE)
  appendFileSync(file, '.')
  vi.advanceTimersByTime(4 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(0)
  vi.advanceTimersByTime(20 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(1)
})

test('a check ends by its total time, since it has no tests to count', () => {
  const onStall = vi.fn()
  watchProgress({ limit: 30 * MINUTE, onStall })
  vi.advanceTimersByTime(29 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(0)
  vi.advanceTimersByTime(2 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(1)
})
