import { refuse, type SignInRow } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { switchLanguage } from '../i18n/switchLanguage.ts'
import { anId, type OpenConsole, openConsole } from '../test.console.ts'
import { answerWith, pageOf } from '../test.network.ts'
import SignInList from './SignInList.vue'

let shown: OpenConsole | undefined
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

function row(number: number, fields: Partial<SignInRow> = {}): SignInRow {
  const address = `192.0.2.${number}`
  return {
    id: anId(number),
    at: '2026-11-24T08:00:00.000Z',
    action: 'session.signIn',
    outcome: 'allowed',
    code: null,
    count: 1,
    device: 'Firefox on Linux',
    address,
    current: false,
    ...fields,
  }
}
const failed = { outcome: 'refused', device: null } as const
const open = () => openConsole('default', '/', [{ path: '', component: SignInList }])

test('lists sign-ins, and failed attempts with their reason and count, five at first', async () => {
  const [newest, oldest] = [
    [
      row(1, { current: true }),
      ...Array.from({ length: 23 }, (_, n) => row(2 + n)),
      row(25, { ...failed, code: 'INVALID_CREDENTIALS', count: 7 }),
    ],
    [row(40, { ...failed, action: 'session.confirmFactor', code: 'INVALID_CODE' }), row(41, { action: 'link.accept' })],
  ]
  answerWith({
    'session.signInHistory': ({ page }) =>
      page?.after === undefined
        ? { rows: newest, before: null, after: 'next' }
        : { rows: oldest, before: 'x', after: null },
  })
  shown = await open()
  const { sees, press, text } = shown
  await sees('This browser')
  expect(text()).toContain('192.0.2.5')
  expect(text()).not.toContain('192.0.2.6')
  await press('Show more, 1 failed')
  await sees('Wrong password')
  await sees('7 times within a minute')
  await press('Show more')
  await sees('Right password, wrong code')
  await sees('with a one-time link')
  await sees('No more sign-ins.')
  await switchLanguage('de')
  await sees('Firefox unter Linux')
  await switchLanguage('en')
})

test('retries after a failure, and says when there are no sign-ins', async () => {
  let busy = true
  answerWith({
    'session.signInHistory': () => {
      if (busy) throw refuse('INTERNAL_ERROR', { requestId: 'req-1' })
      return pageOf()
    },
  })
  shown = await open()
  await shown.sees('Try again')
  busy = false
  await shown.press('Try again')
  await shown.sees('Your next sign-in will appear here.')
})
