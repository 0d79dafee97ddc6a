import { afterEach, expect, test, vi } from 'vitest'
import { shareStream } from './shareStream.ts'

function hide(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)
  document.dispatchEvent(new Event('visibilitychange'))
}
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('where tabs can’t agree among themselves, a hidden tab lets go of its stream and takes one when it is shown', () => {
  // As on plain http from another machine: there are no Web Locks.
  vi.stubGlobal('navigator', {})
  let held = 0
  const stop = shareStream({
    name: 'x',
    receive: () => undefined,
    hold: () => {
      held++
      return () => {
        held--
      }
    },
  })
  expect(held).toBe(1)
  hide(true)
  expect(held).toBe(0)
  hide(false)
  hide(false)
  expect(held).toBe(1)
  stop()
  expect(held).toBe(0)
})
