import { expect, test } from 'vitest'
import { Cookies } from './cookies.ts'

function setBy(...cookies: string[]): Headers {
  return new Headers(cookies.map((cookie) => ['set-cookie', cookie]))
}

test('what an answer sets is sent from then on, and what it takes back no longer', () => {
  const cookies = new Cookies()
  expect(cookies.header).toBeNull()
  cookies.keep(setBy('roster-1a=abc; HttpOnly; Max-Age=60; Path=/', 'browser=x=y; Path=/'))
  expect(cookies.header).toBe('roster-1a=abc; browser=x=y')
  cookies.keep(setBy('roster-1a=def; Path=/'))
  expect(cookies.header).toBe('roster-1a=def; browser=x=y')
  cookies.keep(setBy('roster-1a=; Max-Age=0; Path=/', 'browser=; Max-Age=0'))
  expect(cookies.header).toBeNull()
})

test('a header that was kept is taken up again', () => {
  expect(new Cookies('a=1;  b=2; ;nonsense').header).toBe('a=1; b=2')
})
