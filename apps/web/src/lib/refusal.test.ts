import { REFUSAL_STATUS, type Refusal, type RefusalCode, refuse, SESSION_END_REASONS, sentence } from '@roster/domain'
import { expect, test } from 'vitest'
import { speak } from '../i18n/speak.ts'
import { failureSentence, refusalSentence } from './refusal.ts'

const EXAMPLES = {
  NOT_SIGNED_IN: {},
  SESSION_ENDED: { reason: 'suspended', at: '2026-11-24T08:00:00Z' },
  BAD_INPUT: { issues: [] },
  SECOND_FACTOR_REQUIRED: {},
  REAUTHENTICATION_REQUIRED: { methods: ['password'] },
  INVALID_CODE: {},
  PASSKEY_REFUSED: {},
  PASSKEYS_UNAVAILABLE: {},
  PASSKEY_EXISTS: {},
  CHALLENGE_EXPIRED: {},
  LAST_FACTOR: {},
  SECRET_KEY_MISSING: {},
  NOT_BATCHABLE: { procedure: 'session.signIn' },
  BAD_ORIGIN: {},
  ROLE_LACKS_ACTION: { action: 'user.list', role: 'default' },
  TARGET_NOT_ALLOWED: { action: 'user.suspend', role: 'manager', relation: 'peer', targetRole: 'manager' },
  CANNOT_GRANT: { role: 'administrator' },
  PASSWORD_CHANGE_REQUIRED: {},
  NOT_FOUND: { what: 'user' },
  CONFLICT: { version: 2, at: '2026-11-24T08:00:00Z', by: null, fields: [] },
  NAME_TAKEN: { name: 'john', what: 'username' },
  PREVIEW_OUTDATED: {},
  ALREADY_SET_UP: {},
  INVALID_SETUP_CODE: {},
  LAST_ADMINISTRATOR: {},
  LIMIT_NOT_FOR_ADMINISTRATOR: {},
  UNKNOWN_IDS: { what: 'user', ids: ['a', 'b'] },
  FILE_UNREADABLE: { why: 'quote', line: 7 },
  DUPLICATE_ROW: { row: 7 },
  WORKSPACE_UNKNOWN: { name: 'Research' },
  WORKSPACE_ARCHIVED: { name: 'Research' },
  LAST_MANAGER_OF_WORKSPACE: {},
  NOT_A_MEMBER: {},
  OWN_MEMBERSHIP_EXPIRY: {},
  DATE_IN_PAST: {},
  USER_NOT_ACTIVE: { status: 'suspended' },
  LOCKS_OUT_AUTHOR: { why: 'network', address: '203.0.113.9' },
  FIRST_CHANGE_REQUIRED: {},
  PASSWORD_CHOSEN_BY_OTHER: { by: 'Max Meyer' },
  PASSWORD_TOO_SHORT: { min: 12 },
  NETWORK_NOT_ALLOWED: { address: '203.0.113.9' },
  PASSWORD_COMMON: {},
  PASSWORD_IS_USERNAME: {},
  PASSWORD_UNCHANGED: {},
  INVALID_CURRENT_PASSWORD: {},
  CONFIRMATION_MISMATCH: { expected: 'john' },
  INVALID_LINK: {},
  INVITATION_INACTIVE: { state: 'used' },
  INVITATION_OUT_OF_SCOPE: {},
  REQUEST_DECIDED: { by: 'max', accepted: true },
  TOO_MANY_REQUESTS: { most: 10 },
  TOO_MANY_IMPORTS: { most: 5 },
  IMPORT_FINISHED: {},
  EXPORT_RUNNING: {},
  INVALID_CREDENTIALS: {},
  ACCOUNT_SUSPENDED: {},
  TOO_MANY_ATTEMPTS: { retryAt: '2026-11-24T08:00:00Z' },
  BUSY: {},
  DATABASE_UNAVAILABLE: {},
  OUTCOME_UNKNOWN: {},
  TOO_LARGE: { limit: 65536 },
  INTERNAL_ERROR: { requestId: 'req-1' },
} satisfies { [C in RefusalCode]: Extract<Refusal, { code: C }>['details'] }

test.each(['en', 'de'] as const)('every refusal has a whole sentence of its own in %s', async (language) => {
  await speak(language)
  const said = Object.entries(EXAMPLES).map(([code, details]) => refusalSentence({ code, details } as Refusal))
  expect(said).toHaveLength(Object.keys(REFUSAL_STATUS).length)
  for (const sentence of said) expect(sentence).toMatch(/^\P{Ll}.*\.$/u)
  for (const sentence of said) expect(sentence).not.toMatch(/[{}|]|undefined|null|refusal\./)
})

test('why a session ended is said for each reason', () => {
  const said = SESSION_END_REASONS.map((reason) => refusalSentence({ code: 'SESSION_ENDED', details: { reason, at: '2026-11-24T08:00:00Z' } }))
  expect(new Set(said).size).toBe(SESSION_END_REASONS.length)
  expect(said).toContain('Your account was suspended. Ask a manager of your organization.')
})

test('the policy’s reason names who may instead', () => {
  const base = { action: 'user.suspend', role: 'manager' } as const
  expect(refusalSentence({ code: 'TARGET_NOT_ALLOWED', details: { ...base, relation: 'superior', targetRole: 'administrator' } })).toBe(
    'Only an administrator can change an administrator.',
  )
  expect(refusalSentence({ code: 'TARGET_NOT_ALLOWED', details: { ...base, relation: 'self', targetRole: 'manager' } })).toBe(
    'You can’t do this to your own account.',
  )
})

test('a server that does not answer is said in words too', async () => {
  await speak('de')
  expect(failureSentence({ kind: 'unreachable' })).toContain('nicht erreichbar')
})

test.each(['LAST_ADMINISTRATOR', 'PASSWORD_COMMON', 'INVALID_CREDENTIALS', 'BUSY'] as const)('the console says of %s what the API says', (code) => {
  expect(refusalSentence(refuse(code, {}).refusal)).toBe(sentence(refuse(code, {}).refusal))
})
