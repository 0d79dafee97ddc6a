import { afterEach, expect, test, vi } from 'vitest'
import { isLeaving } from './leave.ts'
import { reloadWhenRestored } from './restored.ts'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.hidden = false
})

function shown(persisted: boolean): void {
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
}

test('a page that the browser kept shows nothing and is loaded anew, without asking about what was typed; one that was just loaded is left alone', () => {
  let loads = 0
  vi.spyOn(location, 'reload').mockImplementation(() => void loads++)
  reloadWhenRestored()
  shown(false)
  expect([loads, document.body.hidden, isLeaving()]).toEqual([0, false, false])
  shown(true)
  expect([loads, document.body.hidden, isLeaving()]).toEqual([1, true, true])
})
