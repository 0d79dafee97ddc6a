import { PiniaColada, useQuery } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, type Ref, ref } from 'vue'
import { answerWith, pageOf } from '../test.network.ts'
import { api } from './api.ts'
import { coladaOptions, refresh } from './refresh.ts'

afterEach(() => vi.unstubAllGlobals())

async function settled(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}

/** A searched list over a network that answers on demand. */
function searchedList() {
  const pending: (() => void)[] = []
  answerWith({
    'workspace.list': () => new Promise((resolve) => pending.push(() => resolve(pageOf()))),
  })
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
    for (const resolve of pending.splice(0)) resolve()
  }
  return { pinia, search, status: () => status?.value, answer }
}

test('waits for a search that was aborted and repeated', async () => {
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

test('aborts a running read silently when a newer change arrives', async () => {
  const list = searchedList()
  const rejections: unknown[] = []
  const record = (reason: unknown) => rejections.push(reason)
  process.on('unhandledRejection', record)
  await settled()
  list.answer()
  await settled()
  refresh(list.pinia, ['workspace'])
  await settled()
  refresh(list.pinia, ['workspace'])
  await settled()
  list.answer()
  await settled()
  process.off('unhandledRejection', record)
  expect(rejections).toEqual([])
  expect(list.status()).toBe('success')
})
