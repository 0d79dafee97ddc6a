import { PiniaColada, useQuery } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, type Ref, ref } from 'vue'
import { answerWith } from '../test.network.ts'
import { api } from './api.ts'
import { coladaOptions, refresh } from './refresh.ts'

afterEach(() => vi.unstubAllGlobals())

async function settled(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}

/** A list that is searched, over a network that answers when it is told to. */
function searchedList() {
  const waiting: (() => void)[] = []
  answerWith({ 'workspace.list': () => new Promise((resolve) => waiting.push(() => resolve({ rows: [], before: null, after: null }))) })
  const pinia = createPinia()
  const search = ref('ann')
  let status: Ref<string> | undefined
  mount(
    defineComponent({
      setup() {
        const query = useQuery(() => ({
          key: ['workspace', 'list', search.value],
          query: ({ signal }) => api.workspace.list.query({ search: search.value }, { signal }),
        }))
        status = query.status
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  function answer(): void {
    for (const each of waiting.splice(0)) each()
  }
  return { pinia, search, status: () => status?.value, answer }
}

test('a search that was typed over and comes back is waited for, not shown as a failure', async () => {
  const list = searchedList()
  await settled()
  list.search.value = 'anna'
  await settled()
  list.search.value = 'ann'
  await settled()
  expect(list.status()).toBe('pending')
  list.answer()
  await settled()
  expect(list.status()).toBe('success')
})

test('news that come while older news are still being read give the older reading up in silence', async () => {
  const list = searchedList()
  const loose: unknown[] = []
  const note = (reason: unknown) => loose.push(reason)
  process.on('unhandledRejection', note)
  await settled()
  list.answer()
  await settled()
  refresh(list.pinia, ['workspace'])
  await settled()
  refresh(list.pinia, ['workspace'])
  await settled()
  list.answer()
  await settled()
  process.off('unhandledRejection', note)
  expect(loose).toEqual([])
  expect(list.status()).toBe('success')
})
