import type { ActivityRow, AuditAction } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { speak } from '../i18n/speak.ts'
import { anId, type OpenConsole, openConsole, READER } from '../test.console.ts'
import { answerWith } from '../test.network.ts'
import { john, FakeUserApi } from '../user/test.userApi.ts'
import { userRoutes } from '../user/user.routes.ts'
import { activityEn } from './activity.en.ts'
import { activitySentence } from './activitySentence.ts'
import { auditedChanges } from './auditedText.ts'

let shown: OpenConsole | undefined
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

function row(differing: Partial<ActivityRow> = {}): ActivityRow {
  return {
    id: anId(100),
    at: '2026-11-24T08:00:00.000Z',
    action: 'user.suspend',
    outcome: 'allowed',
    code: null,
    count: 1,
    through: 'session',
    address: '192.0.2.7',
    actor: { id: READER, name: 'Ada Berg' },
    target: { kind: 'user', id: anId(7), name: 'John Doe' },
    workspace: null,
    before: null,
    after: null,
    names: {},
    ...differing,
  }
}

test('what somebody did and what was done to them are told apart, with before and after, refusals with their reason and number, page by page', async () => {
  const pages = [
    [row({ action: 'user.setRole', before: { role: 'default', dailyLimit: 5 }, after: { role: 'manager', dailyLimit: 5 } })],
    [row({ id: anId(101), action: 'user.delete', outcome: 'refused', code: 'TARGET_NOT_ALLOWED', count: 7 })],
  ]
  const calls = answerWith({
    ...new FakeUserApi(john()).answers(),
    'user.activity': (input) => {
      const { direction, page } = input as { direction: string; page: { after?: string } }
      if (direction === 'did') return { rows: [], before: null, after: null }
      return page.after === undefined ? { rows: pages[0], before: null, after: 'next' } : { rows: pages[1], before: 'x', after: null }
    },
  })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/activity`, userRoutes)
  const { sees, press, text } = shown
  await sees('Nothing that the audit log tells you of was done by them.')
  await press('What was done to them')
  await sees('Ada Berg changed the role of John Doe')
  await sees('Default User → Manager')
  expect(text()).not.toContain('Messages a day')
  expect(shown.router.currentRoute.value.query).toEqual({ show: 'done' })
  await press('Show more')
  await sees('Ada Berg was refused: Delete somebody (John Doe)')
  await sees('Not on whom or what it was aimed at. 7 times within a minute.')
  await sees('That is everything you can see.')
  expect(text()).toContain('Ada Berg changed the role of John Doe')
  expect(calls.filter(({ path }) => path === 'user.activity').length).toBeGreaterThan(2)
})

test.each(['en', 'de'] as const)('every deed, and every one that was refused, is a whole sentence in %s', async (language) => {
  await speak(language)
  const actions = Object.entries(activityEn.action).flatMap(([capability, names]) => Object.keys(names).map((name) => `${capability}.${name}` as AuditAction))
  for (const action of actions) {
    for (const differing of [{ action }, { action, actor: null, target: null }, { action, actor: { id: null, name: null } }]) {
      const sentence = activitySentence(row(differing))
      expect(sentence).not.toMatch(/[{}|]|undefined|null|activity\./u)
      expect(sentence).toMatch(/^\P{Ll}/u)
    }
  }
  expect(activitySentence(row({ action: 'workspace.delete', outcome: 'refused', target: null }))).not.toMatch(/[{}|]|undefined|policy\./u)
  await speak('en')
})

test('that somebody’s name was tried is told as such, whoever it was', () => {
  const tried = { action: 'session.signIn', outcome: 'refused', code: 'INVALID_CREDENTIALS' } as const
  expect(activitySentence(row({ ...tried, actor: null }))).toBe('Somebody tried to sign in as John Doe')
  expect(activitySentence(row(tried))).toBe('Ada Berg tried to sign in as John Doe')
})

test('an event of an older version is told as far as it can be', () => {
  expect(activitySentence(row({ action: 'user.forgotten' as AuditAction }))).toBe('Ada Berg did something that an older version calls “user.forgotten”')
})

test('ids are told by the names that the reader may know, and otherwise not at all', () => {
  const values = {
    before: { organizationId: anId(5), workspaceIds: [anId(21), anId(22)] },
    after: { organizationId: anId(6) },
    names: { [anId(6)]: 'Acme', [anId(21)]: 'Research' },
  }
  expect(auditedChanges(values).map(({ label, text }) => [label, text])).toEqual([
    ['Organization', 'another organization → Acme'],
    ['Workspaces', 'Research'],
  ])
})
