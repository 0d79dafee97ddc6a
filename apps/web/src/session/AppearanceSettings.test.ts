import { refuse } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { formatTime } from '../i18n/format.ts'
import { timeFormat } from '../i18n/timeFormat.ts'
import { type OpenConsole, openConsole, signedInAs } from '../test.console.ts'
import { type Answers, answerWith } from '../test.network.ts'
import AppearanceSettings from './AppearanceSettings.vue'

let console: OpenConsole
afterEach(() => {
  console.close()
  vi.unstubAllGlobals()
  timeFormat.value = null
})

async function open(more: Answers = {}) {
  const calls = answerWith({
    'profile.update': () => ({ version: 1 }),
    'session.me': () => signedInAs('default'),
    ...more,
  })
  console = await openConsole('default', '/', [{ path: '', component: AppearanceSettings }])
  return () => calls.filter(({ path }) => path === 'profile.update').map(({ input }) => input)
}
const EVENING = new Date(2026, 10, 24, 21, 5).toISOString()

test('applies a new time format immediately and saves it to the account', async () => {
  const sent = await open()
  await console.choose('24-hour')
  expect(formatTime(EVENING)).toBe('21:05')
  expect(sent()).toMatchObject([{ timeFormat: '24' }])
  await console.choose('Default for language')
  expect(formatTime(EVENING)).toMatch(/^9:05.PM$/u)
  expect(sent().at(-1)).toMatchObject({ timeFormat: null })
})

test('saves over a concurrent edit of the profile', async () => {
  let conflicting = true
  const sent = await open({
    'profile.update': () => {
      if (!conflicting) return { version: 2 }
      conflicting = false
      throw refuse('CONFLICT', { version: 2, at: EVENING, by: null, fields: [] })
    },
  })
  await console.choose('12-hour')
  expect(sent()).toHaveLength(2)
  expect(console.said()).toEqual([])
})
