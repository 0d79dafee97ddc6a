import { ACTIONS, type Explanation, POLICY } from '@roster/domain'
import { afterEach, expect, test, vi } from 'vitest'
import { speak } from '../i18n/speak.ts'
import { anId, type OpenConsole, openConsole } from '../test.console.ts'
import { answerWith } from '../test.network.ts'
import { john, FakeUserApi } from '../user/test.userApi.ts'
import { userRoutes } from '../user/user.routes.ts'
import { actionGroups } from './actionGroups.ts'
import { reasons, rowOf } from './explanationText.ts'

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

test('the question stands in the address, and is answered in sentences: whether, why, by which row, and who could', async () => {
  const calls = answerWith({ ...new FakeUserApi(john({ role: 'manager' })).answers(), 'policy.explain': () => NO })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/why?action=user.suspend&on=${anId(9)}`, userRoutes)
  const { sees, text, button } = shown
  await sees('No, John Doe can’t.')
  expect(text()).toContain('Max Müller has the same role.')
  expect(text()).toContain('The role Manager includes it, but not for this: only people with a lower role.')
  expect(text()).toContain('people with a lower role and others with the same role')
  expect(button('Ada Berg · Administrator').getAttribute('href')).toBe(`/settings/users/${anId(8)}`)
  expect(calls.filter(({ path }) => path === 'policy.explain').map(({ input }) => input)).toEqual([
    { userId: anId(7), action: 'user.suspend', target: { kind: 'user', userId: anId(9) } },
  ])
})

test('an action is chosen, and then whom it is about: the person themselves first, others as the server finds them', async () => {
  const calls = answerWith({
    ...new FakeUserApi(john()).answers(),
    'user.list': () => ({ rows: [{ ...john({ id: anId(9), displayName: 'Max Müller' }), workspaceCount: 0 }], before: null, after: null }),
    'policy.explain': () => ({
      ...NO,
      decision: { allowed: true, action: 'user.suspend', relation: 'subordinate' },
      relation: 'subordinate',
      others: { users: [], more: false },
    }),
  })
  shown = await openConsole('administrator', `/settings/users/${anId(7)}/why`, userRoutes)
  const { sees, text } = shown
  const select = document.querySelector('select')
  if (!select) throw new Error('there is nothing to choose from')
  select.value = 'user.suspend'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  await sees('To whom')
  expect(calls.some(({ path }) => path === 'policy.explain')).toBe(false)
  shown.field('Find people').click()
  await sees('John Doe (themselves)')
  await sees('Max Müller')
  const option = [...document.querySelectorAll<HTMLElement>('[role="option"]')].at(1)
  option?.click()
  await sees('Yes, John Doe can.')
  expect(text()).not.toContain('Such as')
  expect(shown.router.currentRoute.value.query).toEqual({ action: 'user.suspend', on: anId(9) })
})

test.each(['en', 'de'] as const)('every row of the policy is said in words in %s', async (language) => {
  await speak(language)
  const offered = actionGroups().flatMap(({ items }) => items)
  expect(offered.map(({ value }) => value).toSorted()).toEqual([...ACTIONS].toSorted())
  for (const { value, label } of offered) {
    expect(label).not.toMatch(/policy\.|[{}|]/u)
    for (const row of rowOf(value)) {
      expect(row.relations).not.toMatch(/policy\.|[{}|]|undefined/u)
      expect(row.within === null).toBe(POLICY[value][row.role].length === 0)
    }
  }
  for (const relation of ['self', 'subordinate', 'peer', 'superior', null] as const)
    for (const sentence of reasons({ ...NO, relation }, null)) expect(sentence).toMatch(/^\P{Ll}.*\.$/u)
  await speak('en')
})
