import { PiniaColada, useQuery } from '@pinia/colada'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { answerWith } from '../test.network.ts'
import { queryOf } from './queryOf.ts'
import { coladaOptions } from './refresh.ts'

afterEach(() => vi.unstubAllGlobals())

test('loads for the component that replaces another during the first load', async () => {
  let answer: (() => void) | undefined
  answerWith({
    'user.count': () => new Promise((resolve) => (answer = () => resolve({ count: 7, more: false }))),
  })
  const Count = defineComponent({
    setup() {
      const { data } = useQuery(() => queryOf('user.count', { filter: {} }))
      return () => h('p', data.value?.count ?? 'Loading…')
    },
  })
  const pinia = createPinia()
  const page = ref('first')
  const wrapper = mount(() => h(Count, { key: page.value }), {
    global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] },
  })
  await vi.waitFor(() => expect(answer).toBeDefined())
  page.value = 'second'
  await nextTick()
  answer?.()
  await vi.waitFor(() => expect(wrapper.text()).toBe('7'))
})

test('gives one key to inputs that differ only in undefined properties', () => {
  const filter = { search: undefined } as unknown as { search: string }
  expect(queryOf('user.list', { filter }).key).toEqual(queryOf('user.list', { filter: {} }).key)
})
