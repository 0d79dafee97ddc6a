import { PiniaColada } from '@pinia/colada'
import { type CandidateFilter, refusalOf, refuse } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { createApp, type EffectScope, effectScope } from 'vue'
import { refresh } from '../../lib/refresh.ts'
import { type Answers, answerWith } from '../../test.network.ts'
import { candidate, MemberApi } from './test.memberApi.ts'
import { type CandidateQuery, useCandidates } from './useCandidates.ts'

let scope: EffectScope | undefined
afterEach(() => {
  scope?.stop()
  vi.unstubAllGlobals()
})

const queryOf = (filter: CandidateFilter = {}): CandidateQuery => ({ filter })

const pinia = createPinia()
createApp({ render: () => null })
  .use(pinia)
  .use(PiniaColada)
/** Does what a change event from the server does. */
const receiveChange = () => refresh(pinia, ['member'])

function listOf(answers: Answers, shown: { query: CandidateQuery }) {
  const calls = answerWith(answers)
  scope = effectScope()
  const list = scope.run(() => useCandidates({ workspaceId: 'w', query: () => shown.query, onRows: () => undefined }))
  if (!list) throw new Error('The scope has ended.')
  return { list, calls }
}
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}
const users = (count: number) => new MemberApi(Array.from({ length: count }, (_, at) => candidate(at)))

test('loads a long list page by page, each user once and in order', async () => {
  const { list, calls } = listOf(users(120).answers(), { query: queryOf() })
  await list.reload()
  expect([list.rows.value.length, list.complete.value, list.counts.value]).toEqual([
    50,
    false,
    expect.objectContaining({ matching: { count: 120, more: false }, matchingUnselected: 120 }),
  ])
  await list.loadMore()
  await list.loadMore()
  await list.loadMore()
  expect(list.rows.value.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, at) => `id-${at}`))
  expect(list.complete.value).toBe(true)
  expect(calls).toHaveLength(3)
})

test('keeps the previous list while another one loads, and ignores a late answer for it', async () => {
  const api = users(60)
  const shown = { query: queryOf() }
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const answers: Answers = {
    'member.candidates': async (input) => {
      if (input.filter?.search === 'user.0000') await released
      return api.candidates(input)
    },
  }
  const { list } = listOf(answers, shown)
  await list.reload()
  shown.query = queryOf({ search: 'user.0000' })
  const first = list.reload()
  await settled()
  expect([list.reloading.value, list.rows.value.length]).toEqual([true, 50])
  shown.query = queryOf({ search: 'user.0005' })
  const second = list.reload()
  release()
  await Promise.all([first, second])
  await settled()
  expect(list.rows.value.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, at) => `id-${50 + at}`))
})

test('refreshes visible pages immediately after a change, and other pages when they become visible', async () => {
  const api = users(150)
  const { list, calls } = listOf(api.answers(), { query: queryOf() })
  await list.reload()
  await list.loadMore()
  await list.loadMore()
  list.setVisibleRows(110, 120)
  await settled()
  api.setMember('id-115', true)
  api.setMember('id-60', true)
  const before = calls.length
  receiveChange()
  await settled()
  // The visible page, and the first one, which carries the counts.
  expect(calls.length - before).toBe(2)
  expect(list.rows.value[115]?.member).toBe(true)
  expect(list.rows.value[60]?.member).toBe(false)
  list.setVisibleRows(55, 65)
  await settled()
  expect(list.rows.value[60]?.member).toBe(true)
  expect(list.counts.value?.matchingUnselected).toBe(148)
})

test('a refresh removes a deleted user and inserts a new one in order', async () => {
  const api = users(60)
  const { list } = listOf(api.answers(), { query: queryOf() })
  await list.reload()
  await list.loadMore()
  list.setVisibleRows(0, 59)
  api.deleteUser('id-3')
  api.users = [
    ...api.users.slice(0, 5),
    { ...candidate(0), id: 'new', username: 'user.00005.b' },
    ...api.users.slice(5),
  ]
  receiveChange()
  await settled()
  const ids = list.rows.value.map(({ id }) => id)
  expect(ids).not.toContain('id-3')
  expect(ids.indexOf('new')).toBe(ids.indexOf('id-5') + 1)
  expect(new Set(ids).size).toBe(60)
})

test('keeps the loaded rows while the server is unreachable, and loads the rest once it answers', async () => {
  const api = users(80)
  let broken = false
  const answers: Answers = {
    'member.candidates': (input) => {
      if (broken) throw new TypeError('Failed to fetch')
      return api.candidates(input)
    },
  }
  const { list } = listOf(answers, { query: queryOf() })
  await list.reload()
  broken = true
  void list.loadMore()
  await settled()
  expect([list.error.value, list.loading.value]).toEqual([null, true])
  broken = false
  await vi.waitFor(() => expect(list.rows.value).toHaveLength(80), { timeout: 3000 })
})

test('reports a refused page, and loads it on the next attempt', async () => {
  const api = users(80)
  let refused = false
  const answers: Answers = {
    'member.candidates': (input) => {
      if (refused) throw refuse('NOT_FOUND', { what: 'workspace' })
      return api.candidates(input)
    },
  }
  const { list } = listOf(answers, { query: queryOf() })
  await list.reload()
  refused = true
  await list.loadMore()
  expect([refusalOf(list.error.value)?.code, list.rows.value.length, list.loading.value]).toEqual([
    'NOT_FOUND',
    50,
    false,
  ])
  refused = false
  await list.loadMore()
  expect([list.error.value, list.rows.value.length]).toEqual([null, 80])
})
