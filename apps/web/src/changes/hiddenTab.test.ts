import { afterEach, expect, test, vi } from 'vitest'
import { shareStream } from './sharedStream.ts'

function setHidden(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)
  document.dispatchEvent(new Event('visibilitychange'))
}
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('closes the stream of a hidden tab and reopens it, where there are no Web Locks', () => {
  // As on plain http from another machine.
  vi.stubGlobal('navigator', {})
  let open = 0
  const stop = shareStream({
    name: 'x',
    receive: () => undefined,
    connect: () => {
      open++
      return () => {
        open--
      }
    },
  })
  expect(open).toBe(1)
  setHidden(true)
  expect(open).toBe(0)
  setHidden(false)
  setHidden(false)
  expect(open).toBe(1)
  stop()
  expect(open).toBe(0)
})
