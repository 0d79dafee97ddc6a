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

test('lets a stage run for an hour while tests go on finishing', () => {
  const onStall = vi.fn()
  const unwatch = watchProgress({ file, limit: 5 * MINUTE, onStall })
  for (let minutes = 0; minutes < 60; minutes += 4) {
    vi.advanceTimersByTime(4 * MINUTE)
    appendFileSync(file, '.')
  }
  expect(onStall.mock.calls).toEqual([])
  unwatch()
})

test('ends a stage once, when no test has finished for five minutes', () => {
  const onStall = vi.fn()
  watchProgress({ file, limit: 5 * MINUTE, onStall })
  vi.advanceTimersByTime(4 * MINUTE)
  appendFileSync(file, '.')
  vi.advanceTimersByTime(4 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(0)
  vi.advanceTimersByTime(20 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(1)
})

test('ends a check, which has no tests to count, by its total', () => {
  const onStall = vi.fn()
  watchProgress({ limit: 30 * MINUTE, onStall })
  vi.advanceTimersByTime(29 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(0)
  vi.advanceTimersByTime(2 * MINUTE)
  expect(onStall.mock.calls).toHaveLength(1)
})
