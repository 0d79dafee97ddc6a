import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada } from '@pinia/colada'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '../../i18n/text.ts'
import { coladaOptions, refresh } from '../../lib/refresh.ts'
import { useSession } from '../../session/session.store.ts'
import { type Answers, answerWith, settled, watchNavigation } from '../../test.network.ts'
import { FakeUserListApi, sessionOf, userRow } from './test.userListApi.ts'
import UsersPage from './UsersPage.vue'

let close: () => void = () => undefined
afterEach(() => {
  close()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

async function open(address: string, server: FakeUserListApi, more: Answers = {}) {
  const calls = answerWith({ ...server.answers(), ...more })
  const pinia = createPinia()
  useSession(pinia).take(sessionOf(server.actor))
  const blank = { template: '<p></p>' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/settings/users', name: 'users', component: UsersPage },
      { path: '/settings/invitations', name: 'invitations', component: blank },
      { path: '/settings/users/:userId', name: 'user', component: blank },
    ],
  })
  watchNavigation(router)
  await router.push(address)
  const page = mount(UsersPage, {
    attachTo: document.body,
    global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)], i18n, router, ui] },
  })
  close = () => page.unmount()
  await settled()
  const boxes = () => page.findAll<HTMLInputElement>('tbody input[type=checkbox]')
  return {
    page,
    router,
    boxes,
    lastInput: () => calls.findLast((call) => call.path === 'user.list')?.input,
    names: () => page.findAll('tbody a').map((link) => link.text()),
    checked: () => boxes().filter((box) => box.element.checked).length,
    async tick(at: number, shift = false) {
      const box = boxes()[at]
      await box?.trigger('click', { shiftKey: shift })
      await settled()
    },
    async press(name: string | RegExp) {
      const button = page
        .findAll('button')
        .find((each) =>
          typeof name === 'string'
            ? each.text() === name || each.attributes('aria-label') === name
            : name.test(each.text()),
        )
      if (!button) throw new Error(`There is no button ${String(name)}.`)
      await button.trigger('click')
      await settled()
    },
    async go(to: string) {
      await router.push(to)
      await settled()
    },
    async back() {
      router.back()
      await settled()
    },
    changed: async () => {
      refresh(pinia, ['user'])
      await settled()
    },
  }
}
const administrator = userRow(0, { username: 'user.000', role: 'administrator' })
const sixty = () =>
  new FakeUserListApi(
    [
      administrator,
      ...Array.from({ length: 59 }, (_, at) => userRow(at + 1, at % 10 === 0 ? { status: 'suspended' } : {})),
    ],
    administrator,
  )

test('loads the filters, order and page size that the URL holds', async () => {
  const { lastInput, names } = await open(
    '/settings/users?q=user.0&role=default,manager&status=active&never=1&sort=-created&size=50',
    sixty(),
  )
  expect(lastInput()).toEqual({
    filter: { search: 'user.0', role: ['manager', 'default'], status: ['active'], neverSignedIn: true },
    sort: 'created',
    descending: true,
    page: { size: 50 },
  })
  expect(names()[0]).toBe('User 059')
})

test('shows all users for invalid URL parameters', async () => {
  const { lastInput } = await open(
    '/settings/users?role=king&status=gone&workspace=nowhere&sort=height&size=1000',
    sixty(),
  )
  expect(lastInput()).toEqual({ filter: {}, sort: 'username', descending: false, page: { size: 25 } })
})

test('sorts by a column, reverses on the second click, and follows the browser’s Back', async () => {
  const { page, press, router, names, back } = await open('/settings/users', sixty())
  const sorted = () =>
    page
      .findAll('th')
      .flatMap((head) =>
        /ascending|descending/.test(head.attributes('aria-sort') ?? '')
          ? `${head.text()} ${head.attributes('aria-sort')}`
          : [],
      )
  expect(sorted()).toEqual(['Username ascending'])
  await press('Last seen')
  expect(router.currentRoute.value.query).toEqual({ sort: '-lastSeen' })
  expect(sorted()).toEqual(['Last seen descending'])
  expect(names()[0]).toBe('User 058')
  await press('Last seen')
  expect(router.currentRoute.value.query).toEqual({ sort: 'lastSeen' })
  await back()
  await back()
  expect(sorted()).toEqual(['Username ascending'])
})

test('keeps the selection across pages, and clears it with a message when a filter changes', async () => {
  const { page, tick, press, checked, go } = await open('/settings/users', sixty())
  await tick(1)
  await tick(2)
  expect(page.text()).toContain('2 selected')
  await press('Next page')
  expect(checked()).toBe(0)
  await tick(0)
  expect(page.text()).toContain('3 selected')
  await press('Previous page')
  expect(checked()).toBe(2)
  await go('/settings/users?status=suspended')
  expect(checked()).toBe(0)
  expect(page.text()).toContain('The results changed, so your selection of 3 users was cleared.')
})

test('selects a range with Shift, but never the principal', async () => {
  const { page, tick, boxes } = await open('/settings/users', sixty())
  await tick(0)
  expect(page.text()).toContain('60 users')
  expect(boxes()[0]?.attributes('aria-description')).toBe('You can’t do this to your own account.')
  await tick(1)
  await tick(5, true)
  expect(page.text()).toContain('5 selected')
})

test('offers all results after a whole page, follows later matches and allows exceptions', async () => {
  const server = sixty()
  const { page, press, tick, changed } = await open('/settings/users', server)
  await page.find('thead input').trigger('click')
  await settled()
  expect(page.text()).toContain('24 selected')
  await press('Select all 60 results')
  expect(page.text()).toContain('All 60 results selected')
  await tick(3)
  expect(page.text()).toContain('59 selected (all results except 1)')
  server.users.push(userRow(70))
  await changed()
  expect(page.text()).toContain('60 selected (all results except 1)')
  await press('Clear selection')
  expect(page.text()).toContain('61 users')
})

test('shows changes by other users without a reload', async () => {
  const server = sixty()
  const { names, changed } = await open('/settings/users', server)
  server.change(1, { displayName: 'Renamed' })
  await changed()
  expect(names()[1]).toBe('Renamed')
})

test('leaves an empty page for the first one', async () => {
  const { router, names } = await open(`/settings/users?q=user.00&after=${userRow(9).id}`, sixty())
  expect(router.currentRoute.value.query).toEqual({ q: 'user.00' })
  expect(names()).toHaveLength(10)
})

test('explains an empty list and a search without results', async () => {
  const alone = await open('/settings/users', new FakeUserListApi([administrator], administrator))
  expect(alone.page.text()).toContain('You’re the only user so far')
  close()
  const none = await open('/settings/users?q=unknown&status=active', sixty())
  expect(none.page.text()).toContain('No results')
  await none.press('Clear search and filters')
  expect(none.router.currentRoute.value.query).toEqual({})
  expect(none.names()).toHaveLength(25)
})
