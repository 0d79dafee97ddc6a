import { expect, test } from 'vitest'
import { REFUSAL_SAMPLES } from '../testing/refusalSamples.ts'
import { REFUSAL_STATUS, type Refusal, refuse, sentence } from './refusal.ts'

const NOW = Date.parse('2026-12-31T22:59:30Z')

test.each(
  REFUSAL_SAMPLES.map((refusal) => [refusal.code, JSON.stringify(refusal.details).slice(0, 80), refusal] as const),
)('%s %s has a whole English sentence, without an instant or a placeholder', (_code, _details, refusal) => {
  const text = sentence(refusal, { now: NOW })
  expect(text).toMatch(
    refusal.code === 'BAD_INPUT' || refusal.code === 'REQUEST_DECIDED' || refusal.code === 'CONFLICT'
      ? /\.$/u
      : /^[\p{Lu}\d“].*\.$/u,
  )
  expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}|T\d{2}:|undefined|null|NaN|[{}]|\[object/u)
})

test('the samples hold every refusal code', () => {
  expect(new Set(REFUSAL_SAMPLES.map(({ code }) => code))).toEqual(new Set(Object.keys(REFUSAL_STATUS)))
})

test.each([
  [500, '1 second'],
  [30_000, '30 seconds'],
  [119_000, '119 seconds'],
  [120_000, '2 minutes'],
  [15 * 60_000, '15 minutes'],
  [-5000, '1 second'],
])('a rate limit that ends in %i ms says %s', (left, words) => {
  const refusal: Refusal = { code: 'TOO_MANY_ATTEMPTS', details: { retryAt: new Date(NOW + left).toISOString() } }
  expect(sentence(refusal, { now: NOW })).toBe(`Too many attempts. Try again in ${words}.`)
})

test('a conflict about an expiry names a readable date', () => {
  const conflict = {
    version: null,
    at: null,
    by: null,
    fields: [{ field: 'expiresAt', theirs: '2026-12-31T23:00:00.000Z' }],
  }
  expect(sentence({ code: 'CONFLICT', details: conflict })).toBe(
    'The expiry of this membership has since been changed to 31 Dec 2026, 23:00 UTC.',
  )
  expect(sentence({ code: 'CONFLICT', details: conflict }, { dateTime: () => 'New Year’s Eve' })).toContain(
    'changed to New Year’s Eve.',
  )
})

test('bad input names each field and its problem', () => {
  expect(REFUSAL_SAMPLES.filter(({ code }) => code === 'BAD_INPUT').map((refusal) => sentence(refusal))).toEqual([
    'username: At most 64 characters.',
    'This request can’t be read. role: Choose a role.',
    'The input is not valid.',
  ])
})

test('a refusal that is thrown has its sentence as message', () => {
  expect(refuse('CANNOT_GRANT', { role: 'default' })).toMatchObject({
    name: 'Refused',
    message: 'You can’t assign Default User because it’s higher than your own role.',
  })
})

test('says a general sentence for a refusal code of a newer server', () => {
  for (const code of ['NEW_CODE', 'constructor', '__proto__'])
    expect(sentence({ code, details: {} } as never)).toBe(
      `The server refused this (${code}). Update to a newer version, or reload the page.`,
    )
})
