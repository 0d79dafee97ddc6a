import { fieldIssue, type Refusal, type RefusalCode, SESSION_END_REASONS, sentence } from '@roster/domain'
import { REFUSAL_SAMPLES } from '@roster/domain/testing'
import { expect, test } from 'vitest'
import { readerFormat } from '../i18n/format.ts'
import { switchLanguage } from '../i18n/switchLanguage.ts'
import { failureSentence, refusalSentence } from './refusal.ts'

const NOW = Date.parse('2026-12-31T22:59:30Z')

test.each(['en', 'de'] as const)(
  'every refusal has a whole sentence in %s, without an instant or a placeholder',
  async (language) => {
    await switchLanguage(language)
    for (const refusal of REFUSAL_SAMPLES) {
      const text = refusalSentence(refusal, NOW)
      const startsWithName: readonly RefusalCode[] = ['CONFLICT', 'REQUEST_DECIDED']
      expect(text, refusal.code).toMatch(startsWithName.includes(refusal.code) ? /\.$/u : /^\P{Ll}.*\.$/u)
      expect(text, refusal.code).not.toMatch(/\d{4}-\d{2}-\d{2}|[{}]|undefined|null|NaN|\[object/u)
    }
  },
)

test('the console’s English is the domain’s', () => {
  for (const refusal of REFUSAL_SAMPLES) {
    if (refusal.code === 'BAD_INPUT') continue
    expect(refusalSentence(refusal, NOW)).toBe(sentence(refusal, { ...readerFormat(), now: NOW }))
  }
})

test('German has its own sentence for every variant', async () => {
  await switchLanguage('de')
  const same = REFUSAL_SAMPLES.filter(
    (refusal) => refusalSentence(refusal, NOW) === sentence(refusal, { ...readerFormat(), now: NOW }),
  )
  expect(same).toEqual([])
})

test('every reason for a session’s end has its own sentence', () => {
  const texts = SESSION_END_REASONS.map((reason) =>
    refusalSentence({ code: 'SESSION_ENDED', details: { reason, at: '2026-11-24T08:00:00Z' } }),
  )
  expect(new Set(texts).size).toBe(SESSION_END_REASONS.length)
  expect(texts).toContain('Your account was suspended. Ask a manager of your organization.')
})

test('the policy’s reason names who can do it instead', () => {
  const base = { action: 'user.suspend', role: 'manager' } as const
  expect(
    refusalSentence({
      code: 'TARGET_NOT_ALLOWED',
      details: { ...base, relation: 'superior', targetRole: 'administrator' },
    }),
  ).toBe('Only an administrator can change an administrator.')
  expect(
    refusalSentence({ code: 'TARGET_NOT_ALLOWED', details: { ...base, relation: 'self', targetRole: 'manager' } }),
  ).toBe('You can’t do this to your own account.')
})

test('one bad field is named by its problem, several are pointed to', async () => {
  const badInput = (...issues: ReturnType<typeof fieldIssue>[]): Refusal => ({ code: 'BAD_INPUT', details: { issues } })
  const [name, role] = [fieldIssue(['name'], 'TOO_LONG', { max: 1000 }), fieldIssue(['role'], 'REQUIRED_ROLE')]
  expect(refusalSentence(badInput(name))).toBe('At most 1,000 characters.')
  expect(refusalSentence(badInput(name, role))).toBe('Please fix the highlighted fields.')
  await switchLanguage('de')
  expect(refusalSentence(badInput(name))).toBe('Höchstens 1.000 Zeichen.')
  expect(refusalSentence(badInput(name, role))).toBe('Bitte korrigieren Sie die markierten Felder.')
})

test.each([
  ['en', 'Try again in 30 seconds.'],
  ['de', 'Versuchen Sie es in 30 Sekunden erneut.'],
] as const)('a rate limit says in %s how long to wait', async (language, end) => {
  await switchLanguage(language)
  expect(
    refusalSentence({ code: 'TOO_MANY_ATTEMPTS', details: { retryAt: '2026-12-31T23:00:00.000Z' } }, NOW),
  ).toContain(end)
})

test('a server that does not answer has a sentence too', async () => {
  expect(failureSentence({ kind: 'unreachable' })).toContain('We lost the connection')
  await switchLanguage('de')
  expect(failureSentence({ kind: 'unreachable' })).toContain('Die Verbindung brach ab')
})
