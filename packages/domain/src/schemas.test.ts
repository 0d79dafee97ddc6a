import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { memberUpdate } from './member.ts'
import { REFUSAL_STATUS } from './refusal/refusal.ts'
import { caseless } from './text/caseless.ts'
import { searchKey } from './text/searchKey.ts'
import { generatePassword, newPassword } from './user/password.ts'
import { about, dailyLimit, displayName, userCreate, username } from './user/user.ts'
import { workspaceName } from './workspace.ts'

const ok = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success
const A = '018f0000-0000-7000-8000-000000000001'
const B = '018f0000-0000-7000-8000-000000000002'

describe('a username', () => {
  test.each(['john.doe', 'team_member_1', 'a1', '0x', 'a'.repeat(64), '7-up'])('accepts %s', (name) =>
    expect(ok(username, name)).toBe(true),
  )
  test.each(['', 'a', 'a'.repeat(65), 'John', '.dot', '_x', '-x', 'a b', 'ä1', 'a@b', 'a\n1', 'a\u0000b'])(
    'rejects %j',
    (name) => expect(ok(username, name)).toBe(false),
  )
  test.each([null, 7, ['john.doe'], { name: 'john.doe' }, true])('rejects %j of another type', (name) =>
    expect(ok(username, name)).toBe(false),
  )
})

describe('a password', () => {
  test('has 8 to 256 characters of any kind', () => {
    expect(ok(newPassword, '1234567')).toBe(false)
    expect(ok(newPassword, '12345678')).toBe(true)
    expect(ok(newPassword, '🔑'.repeat(8))).toBe(true)
    expect(ok(newPassword, 'x'.repeat(256))).toBe(true)
    expect(ok(newPassword, 'x'.repeat(257))).toBe(false)
  })

  test('is generated long, unique, and without characters that look alike', () => {
    const generated = Array.from({ length: 200 }, generatePassword)
    expect(new Set(generated).size).toBe(200)
    for (const password of generated) expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{20}$/u)
  })
})

describe('texts', () => {
  test('about has up to 1,000 characters, counted as code points', () => {
    expect(ok(about, '🙂'.repeat(1000))).toBe(true)
    expect(ok(about, 'x'.repeat(1001))).toBe(false)
  })
  test('are trimmed, and reject invisible characters', () => {
    expect(displayName.parse('  José  ')).toBe('José')
    for (const bad of ['a\u0000b', 'a\u0085b', 'a\u202eb', 'a\nb', 'a\u2028b', 'a\ufeffb', 'a\ud800b', '\udc00'])
      expect(ok(displayName, bad), JSON.stringify(bad)).toBe(false)
  })
  test('need a visible character', () => {
    for (const blank of ['\u200b', '\u2060\u00ad', '\u3164', '\u0301', '\u2800']) {
      expect(ok(workspaceName, blank), JSON.stringify(blank)).toBe(false)
      expect(ok(displayName, blank), JSON.stringify(blank)).toBe(false)
    }
    expect(ok(displayName, '')).toBe(true)
    for (const expected of ['🚀', '可', 'می\u200cخواهم', '👩\u200d💻', '!'])
      expect(ok(workspaceName, expected), expected).toBe(true)
  })
  test('a workspace name has 1 to 80 characters', () => {
    expect(ok(workspaceName, '   ')).toBe(false)
    expect(ok(workspaceName, 'x'.repeat(80))).toBe(true)
    expect(ok(workspaceName, 'x'.repeat(81))).toBe(false)
  })
})

describe('a daily limit', () => {
  test.each([1, 10, 1_000_000, null])('accepts %j', (limit) => expect(ok(dailyLimit, limit)).toBe(true))
  test.each([0, -1, 1.5, 1_000_001, '10', Number.NaN, Number.POSITIVE_INFINITY])('rejects %j', (limit) =>
    expect(ok(dailyLimit, limit)).toBe(false),
  )
  test('is rejected for an administrator', () => {
    const base = { username: 'ada.l', credential: { kind: 'link' } }
    expect(ok(userCreate, { ...base, role: 'administrator', dailyLimit: 10 })).toBe(false)
    expect(ok(userCreate, { ...base, role: 'administrator', dailyLimit: null })).toBe(true)
    expect(ok(userCreate, { ...base, role: 'manager', dailyLimit: 10 })).toBe(true)
  })
})

describe('a membership save', () => {
  test('rejects a user in both lists', () =>
    expect(ok(memberUpdate, { workspaceId: A, add: [B], remove: [B] })).toBe(false))
  test('keeps an id once when it is repeated, in any case', () => {
    expect(memberUpdate.parse({ workspaceId: A, add: [B, B.toUpperCase()] }).add.ids).toEqual([B])
  })
  test('rejects an unknown field', () =>
    expect(ok(memberUpdate, { workspaceId: A, add: [], role: 'administrator' })).toBe(false))
})

describe('comparing names', () => {
  test('ignores case, accents, width and spaces in search', () => {
    expect(searchKey('  ＪＯＳÉ   Ruiz ')).toBe('jose ruiz')
  })
  test('keeps marks that make another letter, and ignores invisible characters', () => {
    for (const [one, other] of [
      ['かき', 'かぎ'],
      ['दिन', 'दान'],
      ['กี่', 'กู่'],
    ] as const)
      expect(searchKey(one)).not.toBe(searchKey(other))
    expect(searchKey('Sa\u200bles\u00ad')).toBe(searchKey('sales'))
    expect(searchKey('Ёлка')).toBe(searchKey('елка'))
  })
  test('compares names without case and invisible characters, but with accents', () => {
    for (const same of ['RÉSUMÉ', 'Re\u0301sume\u0301', ' Rés\u200bumé '] as const)
      expect(caseless(same)).toBe(caseless('Résumé'))
    expect(caseless('ΟΔΟΣ  Α')).toBe(caseless('οδος α'))
    for (const [one, other] of [
      ['Resume', 'Résumé'],
      ['Maße', 'Masse'],
      ['Team 2', 'Team ②'],
    ] as const)
      expect(caseless(one)).not.toBe(caseless(other))
  })
  test('folds a folded text to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(searchKey(searchKey(text))).toBe(searchKey(text))
        expect(caseless(caseless(text))).toBe(caseless(text))
      }),
    )
  })
})

test('every refusal has a known status', () => {
  for (const status of Object.values(REFUSAL_STATUS))
    expect([400, 401, 403, 404, 409, 413, 422, 429, 500, 503]).toContain(status)
})
