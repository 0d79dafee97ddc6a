import { PiniaColada, useQuery } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { api } from '../lib/api.ts'
import { coladaOptions } from '../lib/refresh.ts'
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
  await settled()
  const reads = (path: string) => calls.filter((call) => call.path === path).length
  return { pinia, reads, leave: () => page.unmount(), end: () => end?.({}) }
}
async function settled(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}

test('refetches only what the event names', async () => {
  const { pinia, reads } = await consoleWithTwoLists()
  expect([reads('session.list'), reads('organization.list')]).toEqual([1, 1])
  const receive = changeHandler(pinia, { onEnd: () => undefined, delay: () => 0 })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  await settled()
  expect([reads('session.list'), reads('organization.list')]).toEqual([2, 1])
})

test('does not refetch what is no longer on the screen', async () => {
  const { pinia, reads, leave } = await consoleWithTwoLists()
  leave()
  const receive = changeHandler(pinia, { onEnd: () => undefined, delay: () => 0 })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  receive({ kind: 'hello' })
  await settled()
  expect([reads('session.list'), reads('organization.list')]).toEqual([1, 1])
})

test('refetches everything on the screen after a gap in the stream', async () => {
  const { pinia, reads } = await consoleWithTwoLists()
  const receive = changeHandler(pinia, { onEnd: () => undefined, delay: () => 0 })
  receive({ kind: 'hello' })
  await settled()
  expect([reads('session.list'), reads('organization.list')]).toEqual([2, 2])
})

test('refetches after an own mutation what the registry lists', async () => {
  const { reads, end } = await consoleWithTwoLists()
  await end()
  await settled()
  expect([reads('session.list'), reads('organization.list')]).toEqual([2, 1])
})
