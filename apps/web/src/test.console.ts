import DashboardGroup from '@nuxt/ui/components/DashboardGroup.vue'
import { useToast } from '@nuxt/ui/composables'
import ui from '@nuxt/ui/vue-plugin'
import { PiniaColada, useMutationCache, useQueryCache } from '@pinia/colada'
import type { Role, SessionMe } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, type RouteRecordRaw, RouterView } from 'vue-router'
import App from './App.vue'
import { i18n } from './i18n/text.ts'
import { coladaOptions } from './lib/refresh.ts'
import { useSession } from './session/session.store.ts'
import { settled, watchNavigation } from './test.network.ts'
import UserPrompt from './user/actions/UserPrompt.vue'

/** A valid id with a number: `anId(7)`. */
export const anId = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
export const ORGANIZATION = anId(1)
export const READER = anId(2)

/** The session of the console's user. */
export function signedInAs(role: Role, policies: Partial<SessionMe['instance']> = {}): SessionMe {
  return {
    sessionId: anId(3),
    user: {
      id: READER,
      username: 'reader',
      displayName: null,
      about: null,
      role,
      organizationId: ORGANIZATION,
      dailyLimit: null,
      language: null,
      theme: null,
      timeFormat: null,
      version: 1,
    },
    organization: { id: ORGANIZATION, name: 'Nordwind', timeZone: 'Europe/Berlin', managerScope: 'organization' },
    instance: { name: 'Roster', supportAddress: null, passwordMin: 8, changeAtFirstSignIn: false, ...policies },
    passwordChangeRequired: false,
    secondFactorRequired: false,
    factorResetBy: null,
    passwordSetBy: null,
  }
}

/**
 * Opens the console on a page. Everything is real except the network: Pinia, Colada, the router, the kit, the texts.
 */
export async function openConsole(
  role: Role,
  path: string,
  routes: RouteRecordRaw[],
  policies: Partial<SessionMe['instance']> = {},
) {
  const pinia = createPinia()
  let toast: ReturnType<typeof useToast> | undefined
  const Layout = defineComponent({
    setup() {
      toast = useToast()
      toast.clear()
      return () => h(DashboardGroup, { persistent: false }, () => [h(UserPrompt), h(RouterView)])
    },
  })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      {
        path: '/',
        component: Layout,
        children: [...routes, { path: ':rest(.*)*', component: { render: () => null } }],
      },
      { path: '/settings', name: 'settings', component: { render: () => null } },
      { path: '/settings/personal', name: 'personal-settings', component: { render: () => null } },
    ],
  })
  watchNavigation(router)
  await router.push(path)
  useSession(pinia).take(signedInAs(role, policies))
  const wrapper = mount(App, {
    attachTo: document.body,
    global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)], i18n, router, ui] },
  })
  await settled()

  if (!toast) throw new Error('The console did not start.')
  const { toasts, clear } = toast

  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
  const nameOf = (element: Element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim()
  const text = () => document.body.textContent?.replaceAll(/\s+/gu, ' ') ?? ''

  /** The button or link of that name, preferably in an open dialog. */
  function button(name: string): HTMLElement {
    const there = all('button, a[href], [role="menuitem"]')
    const named = there.filter((each) => nameOf(each) === name)
    const last = named.find((each) => each.closest('[role="dialog"]')) ?? named.at(-1)
    if (!last) throw new Error(`There is no button “${name}”, but: ${there.map(nameOf).join(' | ')}`)
    return last
  }
  /** The field of that label. */
  function field(label: string): HTMLInputElement | HTMLTextAreaElement {
    const named = all('label').findLast((each) => each.textContent?.replace('*', '').trim() === label)
    const found =
      document.getElementById(named?.getAttribute('for') ?? '') ??
      document.querySelector(`input[aria-label="${label}"]`)
    if (found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement) return found
    throw new Error(`There is no field “${label}”, but: ${all('label').map(nameOf).join(' | ')}`)
  }
  async function type(label: string, value: string): Promise<void> {
    const into = await vi.waitFor(() => field(label))
    into.value = value
    into.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await settled()
  }
  async function press(name: string): Promise<void> {
    const found = await vi.waitFor(() => button(name))
    found.click()
    await settled()
  }
  /** Chooses the radio button with these words in its label. */
  async function choose(words: string): Promise<void> {
    const radio = all('label')
      .find((each) => each.querySelector('input[type="radio"]') && each.textContent?.includes(words))
      ?.querySelector('input')
    if (!radio) throw new Error(`There is no choice “${words}”.`)
    radio.checked = true
    radio.dispatchEvent(new Event('change', { bubbles: true }))
    await settled()
  }
  const pressEnter = (element: HTMLElement | null) =>
    element?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  /** Opens the drop-down with this label; returns its options. */
  async function options(label: string): Promise<HTMLElement[]> {
    const labelled = all('label').findLast((each) => each.textContent?.replace('*', '').trim() === label)
    pressEnter(document.getElementById(labelled?.getAttribute('for') ?? ''))
    await settled()
    return vi.waitFor(() => {
      expect(all('[role="option"]')).not.toEqual([])
      return all('[role="option"]')
    })
  }
  /** Selects the option that starts with these words in the drop-down with this label. */
  async function select(label: string, words: string): Promise<void> {
    const offered = await options(label)
    const option = offered.find((each) => each.textContent?.trim().startsWith(words))
    if (!option) throw new Error(`There is no option “${words}”, but: ${offered.map(nameOf).join(' | ')}`)
    pressEnter(option)
    await settled()
  }
  /** Waits for these words to be on the page. */
  const sees = (words: string) => vi.waitFor(() => expect(text()).toContain(words), { timeout: 15_000 })

  return {
    router,
    text,
    button,
    field,
    type,
    press,
    choose,
    options,
    select,
    sees,
    /** Everything in the caches for queries and mutations, as text. */
    kept: () =>
      JSON.stringify([
        useQueryCache(pinia)
          .getEntries()
          .map(({ state }) => state.value),
        useMutationCache(pinia)
          .getEntries()
          .map(({ vars, state }) => [vars, state.value]),
      ]),
    /** The toasts: title, and description if there is one. */
    said: () => toasts.value.map(({ title, description }) => [title, description].filter((each) => each !== undefined)),
    async undo(): Promise<void> {
      const action = toasts.value.flatMap(({ actions }) => actions ?? []).at(-1)
      if (!action) throw new Error('Nothing is offered to undo.')
      for (const handler of [action.onClick].flat()) await handler?.(new MouseEvent('click'))
      await settled()
    },
    close(): void {
      wrapper.unmount()
      clear()
      document.body.innerHTML = ''
    },
  }
}
export type OpenConsole = Awaited<ReturnType<typeof openConsole>>
