import { PiniaColada } from '@pinia/colada'
import { type CandidateFilter, refuse } from '@roster/domain'
import { flushPromises } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { createApp, type EffectScope, effectScope } from 'vue'
import { refusalOf } from '../lib/failure.ts'
import { refresh } from '../lib/refresh.ts'
import { type Answers, answerWith } from '../test.network.ts'
import type { CandidateView } from './candidatePages.ts'
import { user, WorkspaceServer } from './test.server.ts'
import { useCandidates } from './useCandidates.ts'

let scope: EffectScope | undefined
afterEach(() => {
  scope?.stop()
  vi.unstubAllGlobals()
})

const view = (filter: CandidateFilter = {}): CandidateView => ({ known: [], sources: [{ filter }] })

const pinia = createPinia()
createApp({ render: () => null })
  .use(pinia)
  .use(PiniaColada)
/** What the server's notice of a change does. */
const heard = () => refresh(pinia, ['member'])

function listOf(answers: Answers, shown: { view: CandidateView }) {
  const calls = answerWith(answers)
  scope = effectScope()
  const list = scope.run(() => useCandidates({ workspaceId: 'w', view: () => shown.view, learn: () => undefined }))
  if (!list) throw new Error('The scope has ended.')
  return { list, calls }
}
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}
const users = (count: number) => new WorkspaceServer(Array.from({ length: count }, (_, at) => user(at)))

test('a long list is read as far as it was scrolled, everybody once and in order', async () => {
  const { list, calls } = listOf(users(120).answers(), { view: view() })
  await list.reload()
  expect([list.rows.value.length, list.complete.value, list.counts.value]).toEqual([
    50,
    false,
    { matching: { count: 120, more: false }, matchingNotMember: 120 },
  ])
  await list.more()
  await list.more()
  await list.more()
  expect(list.rows.value.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, at) => `id-${at}`))
  expect(list.complete.value).toBe(true)
  expect(calls).toHaveLength(3)
})

test('while another list is on its way the one before stays, and an answer that comes late for it is thrown away', async () => {
  const server = users(60)
  const shown = { view: view() }
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const answers: Answers = {
    'member.candidates': async (input) => {
      const asked = input as { filter: CandidateFilter }
      if (asked.filter.search === 'person.0000') await held
      return server.candidates(asked)
    },
  }
  const { list } = listOf(answers, shown)
  await list.reload()
  shown.view = view({ search: 'person.0000' })
  const first = list.reload()
  await settled()
  expect([list.reloading.value, list.rows.value.length]).toEqual([true, 50])
  shown.view = view({ search: 'person.0005' })
  const second = list.reload()
  letGo()
  await Promise.all([first, second])
  await settled()
  expect(list.rows.value.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, at) => `id-${50 + at}`))
})

test('what others change shows at once where one looks, and elsewhere when one comes there', async () => {
  const server = users(150)
  const { list, calls } = listOf(server.answers(), { view: view() })
  await list.reload()
  await list.more()
  await list.more()
  list.look(110, 120)
  await settled()
  server.put('id-115', true)
  server.put('id-60', true)
  const before = calls.length
  heard()
  await settled()
  // The page in sight, and the first one, which says how many match.
  expect(calls.length - before).toBe(2)
  expect(list.rows.value[115]?.member).toBe(true)
  expect(list.rows.value[60]?.member).toBe(false)
  list.look(55, 65)
  await settled()
  expect(list.rows.value[60]?.member).toBe(true)
  expect(list.counts.value?.matchingNotMember).toBe(148)
})

test('somebody who is deleted leaves the list, and somebody new comes into it, in their places', async () => {
  const server = users(60)
  const { list } = listOf(server.answers(), { view: view() })
  await list.reload()
  await list.more()
  list.look(0, 59)
  server.delete('id-3')
  server.users = [...server.users.slice(0, 5), { ...user(0), id: 'new', username: 'person.00005.b' }, ...server.users.slice(5)]
  heard()
  await settled()
  const ids = list.rows.value.map(({ id }) => id)
  expect(ids).not.toContain('id-3')
  expect(ids.indexOf('new')).toBe(ids.indexOf('id-5') + 1)
  expect(new Set(ids).size).toBe(60)
})

test('while the server can’t be reached what was read stays, and the rest comes as soon as it answers', async () => {
  const server = users(80)
  let broken = false
  const answers: Answers = {
    'member.candidates': (input) => {
      if (broken) throw new TypeError('Failed to fetch')
      return server.candidates(input as { page: { size: number } })
    },
  }
  const { list } = listOf(answers, { view: view() })
  await list.reload()
  broken = true
  void list.more()
  await settled()
  expect([list.error.value, list.loading.value]).toEqual([null, true])
  broken = false
  await vi.waitFor(() => expect(list.rows.value).toHaveLength(80), { timeout: 3000 })
})

test('a page that is refused is told, and can be asked for again', async () => {
  const server = users(80)
  let refused = false
  const answers: Answers = {
    'member.candidates': (input) => {
      if (refused) throw refuse('NOT_FOUND', { what: 'workspace' })
      return server.candidates(input as { page: { size: number } })
    },
  }
  const { list } = listOf(answers, { view: view() })
  await list.reload()
  refused = true
  await list.more()
  expect([refusalOf(list.error.value)?.code, list.rows.value.length, list.loading.value]).toEqual(['NOT_FOUND', 50, false])
  refused = false
  await list.more()
  expect([list.error.value, list.rows.value.length]).toEqual([null, 80])
})
