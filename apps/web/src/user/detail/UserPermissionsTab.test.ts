import { ACTIONS, type Explanation, POLICY } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { switchLanguage } from '../../i18n/switchLanguage.ts'
import { t } from '../../i18n/text.ts'
import { actionGroups, OFFERED_ACTIONS } from '../../policy/actionGroups.ts'
import { explanationReasons, permissionRows } from '../../policy/explanationText.ts'
import { anId, type OpenConsole, openConsole } from '../../test.console.ts'
import { answerWith } from '../../test.network.ts'
import { FakeUserApi, john } from '../test.userApi.ts'
import { userRoutes } from '../user.routes.ts'

let shown: OpenConsole | undefined
afterEach(() => {
  shown?.close()
  vi.unstubAllGlobals()
})

const NO: Explanation = {
  action: 'user.suspend',
  role: 'manager',
  target: { kind: 'user', id: anId(9), name: 'Max Müller' },
  decision: {
    allowed: false,
    action: 'user.suspend',
    refusal: { code: 'TARGET_NOT_ALLOWED', details: { action: 'user.suspend', role: 'manager', relation: 'peer' } },
  },
  relation: 'peer',
  shutOut: null,
  others: { users: [{ id: anId(8), name: 'Ada Berg', role: 'administrator' }], more: true },
}

test('reads the question from the URL and explains the answer: reasons, permissions per role and who can do it', async () => {
  const calls = answerWith({ ...new FakeUserApi(john({ role: 'manager' })).answers(), 'policy.explain': () => NO })
  shown = await openConsole(
    'administrator',
    `/settings/users/${anId(7)}/permissions?action=user.suspend&on=${anId(9)}`,
    userRoutes,
  )
  const { sees, text, button } = shown
  await sees('No, John Doe can’t do this.')
  expect(text()).toContain('Max Müller has the same role.')
  expect(text()).toContain('The role Manager allows this only for users with a lower role.')
  expect(text()).toContain('users with a lower role and other users with the same role')
  expect(button('Ada Berg · Administrator').getAttribute('href')).toBe(`/settings/users/${anId(8)}`)
  expect(calls.filter(({ path }) => path === 'policy.explain').map(({ input }) => input)).toEqual([
    { userId: anId(7), action: 'user.suspend', target: { kind: 'user', userId: anId(9) } },
  ])
})

test('offers this user first as the target, then users from the server', async () => {
  const calls = answerWith({
    ...new FakeUserApi(john()).answers(),
    'user.list': () => ({
      rows: [{ ...john({ id: anId(9), displayName: 'Max Müller' }), workspaceCount: 0 }],
      before: null,
      after: null,
    }),
    'policy.explain': () => ({
      ...NO,
      decision: { allowed: true, action: 'user.suspend', relation: 'subordinate' },
      relation: 'subordinate',
      others: { users: [], more: false },
    }),
  })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/permissions`, userRoutes)
  const { sees, text, field } = shown
  const select = document.querySelector('select')
  if (!select) throw new Error('There is no list of actions.')
  select.value = 'user.suspend'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  await vi.waitFor(() => expect(field('Find users')).toBeTruthy())
  expect(calls.some(({ path }) => path === 'policy.explain')).toBe(false)
  field('Find users').click()
  await sees('John Doe (this user)')
  await sees('Max Müller')
  const option = [...document.querySelectorAll<HTMLElement>('[role="option"]')].at(1)
  option?.click()
  await sees('Yes, John Doe can do this.')
  expect(text()).not.toContain('For example')
  expect(shown.router.currentRoute.value.query).toEqual({ action: 'user.suspend', on: anId(9) })
})

test('leaves technical actions out', () => {
  const left = ACTIONS.filter((action) => !OFFERED_ACTIONS.includes(action))
  expect(left.toSorted()).toEqual([
    'changes.subscribe',
    'connection.watch',
    'session.acknowledge',
    'session.reauthenticate',
  ])
})

test('redirects the former path', async () => {
  answerWith({ ...new FakeUserApi(john()).answers() })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/why`, userRoutes)
  expect(shown.router.currentRoute.value.name).toBe('user-permissions')
})

test.each(['en', 'de'] as const)('has words for every permission of the policy in %s', async (language) => {
  await switchLanguage(language)
  const offered = actionGroups().flatMap(({ items }) => items)
  expect(offered.map(({ value }) => value).toSorted()).toEqual([...OFFERED_ACTIONS].toSorted())
  for (const action of ACTIONS) {
    expect(t(`policy.actions.${action}`)).not.toMatch(/policy\.|[{}|]/u)
    for (const row of permissionRows(action)) {
      expect(row.relations).not.toMatch(/policy\.|[{}|]|undefined/u)
      expect(row.within === null).toBe(POLICY[action][row.role].length === 0)
    }
  }
  for (const relation of ['self', 'subordinate', 'peer', 'superior', null] as const)
    for (const sentence of explanationReasons({ ...NO, relation }, null)) expect(sentence).toMatch(/^\P{Ll}.*\.$/u)
  await switchLanguage('en')
})
