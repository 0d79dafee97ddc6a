import type { ActivityRow, AuditAction } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { activityEn } from '../../activity/activity.en.ts'
import { activitySentence } from '../../activity/activitySentence.ts'
import { auditedChanges } from '../../activity/auditedText.ts'
import { switchLanguage } from '../../i18n/switchLanguage.ts'
import { anId, type OpenConsole, openConsole, READER } from '../../test.console.ts'
import { answerWith, pageOf } from '../../test.network.ts'
import { FakeUserApi, john } from '../test.userApi.ts'
import { userRoutes } from '../user.routes.ts'

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

test('lists both directions page by page, with changed values, and denied attempts with reason and count', async () => {
  const [newest, oldest] = [
    [
      row({
        action: 'user.setRole',
        before: { role: 'default', dailyLimit: 5 },
        after: { role: 'manager', dailyLimit: 5 },
      }),
    ],
    [row({ id: anId(101), action: 'user.delete', outcome: 'refused', code: 'TARGET_NOT_ALLOWED', count: 7 })],
  ]
  const calls = answerWith({
    ...new FakeUserApi(john()).answers(),
    'user.activity': ({ direction, page }) => {
      if (direction === 'did') return pageOf()
      return page?.after === undefined
        ? { rows: newest, before: null, after: 'next' }
        : { rows: oldest, before: 'x', after: null }
    },
  })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/activity`, userRoutes)
  const { sees, press, text } = shown
  await sees('The audit log has no actions by this user that you can see.')
  await press('To this user')
  await sees('Ada Berg changed the role of John Doe')
  await sees('Default User → Manager')
  expect(text()).not.toContain('Daily limit')
  expect(shown.router.currentRoute.value.query).toEqual({ show: 'done' })
  await press('Show more')
  await sees('Ada Berg was denied: Delete a user (John Doe)')
  await sees('Not allowed for this target. 7 times within a minute.')
  await sees('No more events.')
  expect(text()).toContain('Ada Berg changed the role of John Doe')
  expect(calls.filter(({ path }) => path === 'user.activity').length).toBeGreaterThan(2)
})

test.each(['en', 'de'] as const)('makes a whole sentence of every action, done or denied, in %s', async (language) => {
  await switchLanguage(language)
  const actions = Object.entries(activityEn.action).flatMap(([capability, names]) =>
    Object.keys(names).map((name) => `${capability}.${name}` as AuditAction),
  )
  for (const action of actions) {
    for (const differing of [
      { action },
      { action, actor: null, target: null },
      { action, actor: { id: null, name: null } },
    ]) {
      const sentence = activitySentence(row(differing))
      expect(sentence).not.toMatch(/[{}|]|undefined|null|activity\./u)
      expect(sentence).toMatch(/^\P{Ll}/u)
    }
  }
  expect(activitySentence(row({ action: 'workspace.delete', outcome: 'refused', target: null }))).not.toMatch(
    /[{}|]|undefined|policy\./u,
  )
  await switchLanguage('en')
})

test('names the target of a failed sign-in, with or without an actor', () => {
  const failedSignIn = { action: 'session.signIn', outcome: 'refused', code: 'INVALID_CREDENTIALS' } as const
  expect(activitySentence(row({ ...failedSignIn, actor: null }))).toBe('Someone tried to sign in as John Doe')
  expect(activitySentence(row(failedSignIn))).toBe('Ada Berg tried to sign in as John Doe')
})

test('shows an unknown action of an older version by its name', () => {
  expect(activitySentence(row({ action: 'user.forgotten' as AuditAction }))).toBe(
    'Ada Berg: user.forgotten (older version)',
  )
})

test('shows names that the principal may see instead of ids, and no other ids', () => {
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
