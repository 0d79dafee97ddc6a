import { PiniaColada, useQuery } from '@pinia/colada'
import type { ChangeEvent } from '@roster/domain'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, type Pinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { api } from '../lib/api.ts'
import { coladaOptions, onInvalidate } from '../lib/refresh.ts'
import { useChange } from '../lib/useChange.ts'
import { answerWith, pageOf } from '../test.network.ts'
import { changeHandler } from './followChanges.ts'

afterEach(() => vi.unstubAllGlobals())

async function consoleWithTwoLists() {
  const calls = answerWith({
    'session.list': () => [],
    'organization.list': () => pageOf(),
    'session.end': () => ({ ended: 1 }),
  })
  const pinia = createPinia()
  let end: ((input: { sessionId?: string }) => Promise<unknown>) | undefined
  const page = mount(
    defineComponent({
      setup() {
        useQuery({ key: ['session', 'list'], query: () => api.session.list.query() })
        useQuery({ key: ['organization', 'list'], query: () => api.organization.list.query({}) })
        end = useChange('session.end').mutateAsync
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  const reads = (path: string) => calls.filter((call) => call.path === path).length
  await expect.poll(() => [reads('session.list'), reads('organization.list')]).toEqual([1, 1])
  await flushPromises()
  return { pinia, reads, leave: () => page.unmount(), end: () => end?.({}) }
}
const changed: ChangeEvent = { kind: 'changed', capability: 'session', targetId: null, workspaceId: null }
const hello = (resumed: boolean): ChangeEvent => ({ kind: 'hello', connectionId: 'c', sessionId: 's', resumed })

/** Gives these events to the console, and waits until it has acted on them. */
async function receive(pinia: Pinia, ...events: ChangeEvent[]): Promise<void> {
  const handled = new Promise<void>((resolve) => {
    const stop = onInvalidate(() => {
      stop()
      resolve()
    })
  })
  const handle = changeHandler(pinia, { onEnd: () => undefined, delay: () => 0 })
  for (const event of events) handle(event)
  await handled
  await flushPromises()
}

test('refetches only what the event names', async () => {
  const { pinia, reads } = await consoleWithTwoLists()
  await receive(pinia, changed, changed)
  await expect.poll(() => [reads('session.list'), reads('organization.list')]).toEqual([2, 1])
})

test('does not refetch what is no longer on the screen', async () => {
  const { pinia, reads, leave } = await consoleWithTwoLists()
  leave()
  await receive(pinia, changed, hello(false))
  expect([reads('session.list'), reads('organization.list')]).toEqual([1, 1])
})

test('refetches everything on the screen after a gap in the stream, or when access changed', async () => {
  const { pinia, reads } = await consoleWithTwoLists()
  await receive(pinia, hello(false))
  await expect.poll(() => [reads('session.list'), reads('organization.list')]).toEqual([2, 2])
  await receive(pinia, { kind: 'closed', why: 'access-changed' })
  await expect.poll(() => [reads('session.list'), reads('organization.list')]).toEqual([3, 3])
})

test('refetches only what the stream names when it continues without a gap', async () => {
  const { pinia, reads } = await consoleWithTwoLists()
  await receive(pinia, { kind: 'closed', why: 'server' }, hello(true), { kind: 'heartbeat' }, changed)
  await expect.poll(() => reads('session.list')).toBe(2)
  expect(reads('organization.list')).toBe(1)
})

test('refetches after an own mutation what the registry lists', async () => {
  const { reads, end } = await consoleWithTwoLists()
  await end()
  await expect.poll(() => [reads('session.list'), reads('organization.list')]).toEqual([2, 1])
})
