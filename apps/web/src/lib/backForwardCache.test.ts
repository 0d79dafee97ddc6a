import { afterEach, expect, test, vi } from 'vitest'
import { reloadWhenRestored } from './backForwardCache.ts'
import { isLeaving } from './signInRedirect.ts'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.hidden = false
})

function show(persisted: boolean): void {
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
}

test('hides and reloads a restored page without asking about unsaved input, and leaves a loaded page alone', () => {
  let loads = 0
  vi.spyOn(location, 'reload').mockImplementation(() => void loads++)
  reloadWhenRestored()
  show(false)
  expect([loads, document.body.hidden, isLeaving()]).toEqual([0, false, false])
  show(true)
  expect([loads, document.body.hidden, isLeaving()]).toEqual([1, true, true])
})
