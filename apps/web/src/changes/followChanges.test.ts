import { PiniaColada, useQuery } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { api } from '../lib/api.ts'
import { coladaOptions } from '../lib/refresh.ts'
import { useChange } from '../lib/useChange.ts'
import { answerWith } from '../test.network.ts'
import { changeReader } from './followChanges.ts'

afterEach(() => vi.unstubAllGlobals())

async function consoleWithTwoLists() {
  const calls = answerWith({
    'session.list': () => [],
    'organization.list': () => [],
    'session.end': () => ({ ended: 1 }),
  })
  const pinia = createPinia()
  let end: ((input: { sessionId?: string }) => Promise<unknown>) | undefined
  const page = mount(
    defineComponent({
      setup() {
        useQuery({ key: ['session', 'list'], query: () => api.session.list.query() })
        useQuery({ key: ['organization', 'list'], query: () => api.organization.list.query({}) })
        end = useChange('session.end', (input: { sessionId?: string }) => api.session.end.mutate(input)).mutateAsync
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  await settled()
  const read = (path: string) => calls.filter((call) => call.path === path).length
  return { pinia, read, leave: () => page.unmount(), end: () => end?.({}) }
}
async function settled(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}

test('a notice has read again what it names, and nothing else', async () => {
  const { pinia, read } = await consoleWithTwoLists()
  expect([read('session.list'), read('organization.list')]).toEqual([1, 1])
  const receive = changeReader(pinia, { ended: () => undefined, wait: () => 0 })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  await settled()
  expect([read('session.list'), read('organization.list')]).toEqual([2, 1])
})

test('what is no longer on the screen is not read again until it is looked at', async () => {
  const { pinia, read, leave } = await consoleWithTwoLists()
  leave()
  const receive = changeReader(pinia, { ended: () => undefined, wait: () => 0 })
  receive({ kind: 'changed', capability: 'session', targetId: null, workspaceId: null })
  receive({ kind: 'hello' })
  await settled()
  expect([read('session.list'), read('organization.list')]).toEqual([1, 1])
})

test('after a gap in the stream everything on the screen is read again', async () => {
  const { pinia, read } = await consoleWithTwoLists()
  const receive = changeReader(pinia, { ended: () => undefined, wait: () => 0 })
  receive({ kind: 'hello' })
  await settled()
  expect([read('session.list'), read('organization.list')]).toEqual([2, 2])
})

test('what one changes oneself is read again as the table of touched capabilities says', async () => {
  const { read, end } = await consoleWithTwoLists()
  await end()
  await settled()
  expect([read('session.list'), read('organization.list')]).toEqual([2, 1])
})
