import { type Refusal, refuse, SESSION_END_REASONS, sentence } from '@roster/domain'
import { beforeAll, describe, expect, test } from 'vitest'
import { consoleDe } from '../i18n/console.de.ts'
import { consoleEn } from '../i18n/console.en.ts'
import { fieldDe } from '../i18n/field.de.ts'
import { fieldMessage, fieldMessageKey } from '../i18n/fieldMessage.ts'
import { languagesFrom, speak } from '../i18n/speak.ts'
import { refusalSentence } from './refusal.ts'

beforeAll(() => {
  languagesFrom({ en: async () => ({ messages: consoleEn, fields: {} }), de: async () => ({ messages: consoleDe, fields: fieldDe }) })
})

const REFUSALS: Refusal[] = [
  refuse('NAME_TAKEN', { name: 'john.doe', what: 'username' }).refusal,
  refuse('CANNOT_GRANT', { role: 'administrator' }).refusal,
  refuse('CHANGED_SINCE', { field: 'dailyLimit', now: 10 }).refusal,
  refuse('UNKNOWN_IDS', { what: 'user', ids: ['a', 'b'] }).refusal,
  refuse('NOT_IN_CELL', { action: 'user.suspend', role: 'manager', relation: 'above', targetRole: 'administrator' }).refusal,
  refuse('LAST_ADMINISTRATOR', {}).refusal,
  ...SESSION_END_REASONS.map((reason) => refuse('SESSION_ENDED', { reason, at: '2026-01-01T00:00:00Z' }).refusal),
]

describe('a refusal', () => {
  test('speaks English and German, never both the same and never a key', async () => {
    for (const refusal of REFUSALS) {
      await speak('en')
      const english = refusalSentence(refusal)
      await speak('de')
      const german = refusalSentence(refusal)
      expect(english).toMatch(/[.…]$/u)
      expect(german).toMatch(/[.…]$/u)
      expect(german).not.toBe(english)
      expect(german + english).not.toMatch(/refusal\.|common\.|\{\w+\}/u)
    }
  })

  test('says in the console what the API says', async () => {
    await speak('en')
    for (const code of ['LAST_ADMINISTRATOR', 'PASSWORD_COMMON', 'CREDENTIALS_WRONG', 'BUSY'] as const) {
      expect(refusalSentence(refuse(code, {}).refusal)).toBe(sentence(refuse(code, {}).refusal))
    }
  })
})

describe('what the domain’s schemas say about a field', () => {
  const sources = import.meta.glob<string>(['../../../../packages/domain/src/*.ts', '!**/*.test.ts'], { query: '?raw', import: 'default', eager: true })
  const messages = Object.values(sources)
    .flatMap((source) => [...source.matchAll(/error: (['`])(.+?)\1/gu)].map((match) => match[2] ?? ''))
    .map((message) => message.replace(/\$\{[^}]+\}/gu, '8'))

  test('is found in the source', () => expect(messages.length).toBeGreaterThan(15))

  test.each([...new Set(messages)])('“%s” has its German sentence', async (message) => {
    await speak('de')
    expect(fieldDe[fieldMessageKey(message)], fieldMessageKey(message)).toBeDefined()
    expect(fieldMessage(message)).not.toBe(message)
  })
})
