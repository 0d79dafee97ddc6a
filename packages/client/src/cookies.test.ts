import { expect, test } from 'vitest'
import { Cookies } from './cookies.ts'

function setBy(...cookies: string[]): Headers {
  return new Headers(cookies.map((cookie) => ['set-cookie', cookie]))
}

test('sends the cookies that an answer set, until it expires them', () => {
  const cookies = new Cookies()
  expect(cookies.header).toBeNull()
  cookies.update(setBy('roster-1a=abc; HttpOnly; Max-Age=60; Path=/', 'browser=x=y; Path=/'))
  expect(cookies.header).toBe('roster-1a=abc; browser=x=y')
  cookies.update(setBy('roster-1a=def; Path=/'))
  expect(cookies.header).toBe('roster-1a=def; browser=x=y')
  cookies.update(setBy('roster-1a=; Max-Age=0; Path=/', 'browser=; Max-Age=0'))
  expect(cookies.header).toBeNull()
})

test('continues with a stored header', () => {
  expect(new Cookies('a=1;  b=2; ;nonsense').header).toBe('a=1; b=2')
})
