import { refuse, type SystemSettings } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { type OpenConsole, openConsole, signedInAs } from '../test.console.ts'
import { type Answers, answerWith } from '../test.network.ts'
import { systemRoutes } from './system.routes.ts'

let console: OpenConsole
afterEach(() => {
  console.close()
  vi.unstubAllGlobals()
})

const NOW: SystemSettings = { name: 'Roster', supportAddress: null, defaultTimeZone: 'UTC' }

async function open(more: Answers = {}, now = () => NOW) {
  const calls = answerWith({
    'system.get': now,
    'system.update': () => ({}),
    'session.me': () => signedInAs('administrator'),
    ...more,
  })
  console = await openConsole('administrator', '/settings/system', systemRoutes)
  return () => calls.filter(({ path }) => path === 'system.update').map(({ input }) => input)
}

test('saves the settings with the values that filled the form', async () => {
  const sent = await open()
  await console.type('Name', 'Chatter')
  await console.type('Support address', 'help@example.com')
  await console.press('Save Changes')
  expect(sent()).toEqual([
    { name: 'Chatter', supportAddress: 'help@example.com', defaultTimeZone: 'UTC', expected: NOW },
  ])
  expect(console.said()).toEqual([['System settings saved']])
})

test('rejects an invalid support address beside the field and sends nothing', async () => {
  const sent = await open()
  await console.type('Support address', 'javascript:alert(1)')
  await console.press('Save Changes')
  await console.sees('Enter an e-mail address, or a page such as https://example.com/help.')
  expect(console.field('Support address').getAttribute('aria-invalid')).toBe('true')
  expect(sent()).toEqual([])
})

test('keeps the input on a conflict, and saves over the newer values next', async () => {
  let refused = false
  const sent = await open({
    'system.update': () => {
      if (refused) return {}
      refused = true
      throw refuse('CONFLICT', {
        version: 1,
        at: '2026-11-25T10:00:00.000Z',
        by: { id: 'x', username: 'eve' },
        fields: [{ field: 'name', theirs: 'Talker' }],
      })
    },
  })
  await console.type('Name', 'Chatter')
  await console.press('Save Changes')
  await console.sees('eve saved changes while you were editing.')
  await console.sees('Talker')
  expect(console.field('Name').value).toBe('Chatter')
  await console.press('Save Changes')
  expect(sent().at(-1)).toMatchObject({ name: 'Chatter', expected: { name: 'Talker' } })
})
