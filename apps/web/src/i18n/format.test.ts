import { afterEach, expect, test, vi } from 'vitest'
import { formatDate, formatDateTime, formatTime } from './format.ts'
import { switchLanguage } from './switchLanguage.ts'
import { timeFormat } from './timeFormat.ts'

const EVENING = new Date(2026, 10, 24, 21, 5, 7).toISOString()
const MIDNIGHT = new Date(2026, 10, 24, 0, 30).toISOString()
afterEach(() => {
  timeFormat.value = null
})

test.each([
  ['en', null, '9:05 PM', '12:30 AM'],
  ['en', '24', '21:05', '00:30'],
  ['de', null, '21:05', '00:30'],
  ['de', '12', '09:05 PM', '12:30 AM'],
] as const)('formats times in %s with the time format %s', async (language, format, evening, midnight) => {
  await switchLanguage(language)
  timeFormat.value = format
  const plain = (text: string) => text.replaceAll('\u202f', ' ')
  expect([plain(formatTime(EVENING)), plain(formatTime(MIDNIGHT))]).toEqual([evening, midnight])
  expect(plain(formatDateTime(EVENING))).toContain(evening)
})

test('formats days and seconds with a time format', () => {
  timeFormat.value = '24'
  expect(formatDate(EVENING)).toBe('Nov 24, 2026')
  expect(formatTime(EVENING, true)).toBe('21:05:07')
})

test('formats dates in the browser’s regional variant of the shown language only', () => {
  const languages = vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['de-CH', 'en-GB', 'en-US'])
  expect(formatDate(EVENING)).toBe('24 Nov 2026')
  languages.mockReturnValue(['de-CH'])
  expect(formatDate(EVENING)).toBe('Nov 24, 2026')
  languages.mockRestore()
})
