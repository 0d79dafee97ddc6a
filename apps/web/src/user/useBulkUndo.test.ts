import { PiniaColada } from '@pinia/colada'
import type { BulkAction, BulkResult } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { coladaOptions } from '../lib/refresh.ts'
import { useSession } from '../session/session.store.ts'
import { answerWith } from '../test.network.ts'
import { me, person, FakeUserListApi } from './test.userListApi.ts'
import { useBulkUndo } from './useBulkUndo.ts'
import { previewBulk, useApplyBulk } from './user.queries.ts'

afterEach(() => vi.unstubAllGlobals())

function openConsole(server: FakeUserListApi) {
  answerWith(server.answers())
  const pinia = createPinia()
  let undoOf: ReturnType<typeof useBulkUndo> | undefined
  let bulk: ((input: { selection: { kind: 'matching'; filter: object }; action: BulkAction; token: string }) => Promise<BulkResult>) | undefined
  mount(
    defineComponent({
      setup() {
        useSession().take(me(server.actor))
        undoOf = useBulkUndo()
        bulk = useApplyBulk().mutateAsync
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  return async (action: BulkAction) => {
    const selection = { kind: 'matching' as const, filter: {} }
    const { token } = await previewBulk({ selection, action })
    if (!bulk || !undoOf) throw new Error('The console did not come up.')
    return undoOf(action, (await bulk({ selection, action, token })).rows)
  }
}
const administrator = person(0, { role: 'administrator' })
const manager = person(0, { role: 'manager' })

test('people get back what each of them had', async () => {
  const server = new FakeUserListApi([administrator, person(1, { dailyLimit: 5 }), person(2), person(3, { role: 'manager', dailyLimit: 8 })], administrator)
  const before = structuredClone(server.users)
  const undo = await openConsole(server)({ kind: 'setRole', role: 'administrator' })
  expect([1, 2, 3].map((at) => server.find(at)?.role)).toEqual(['administrator', 'administrator', 'administrator'])
  expect(await undo?.()).toBeUndefined()
  expect(server.users).toEqual(before)
})

test('whoever was changed again since, or is gone, is left alone and named', async () => {
  const server = new FakeUserListApi([administrator, ...[1, 2, 3, 4].map((at) => person(at))], administrator)
  const undo = await openConsole(server)({ kind: 'setLimit', dailyLimit: 10 })
  server.change(2, { dailyLimit: 99 })
  server.remove(3)
  expect(await undo?.()).toBe('user.002 and user.003 changed since and stay as they are.')
  expect([1, 2, 4].map((at) => server.find(at)?.dailyLimit)).toEqual([null, 99, null])
})

test('whom somebody else reactivated and suspended again stays suspended, and is named', async () => {
  const server = new FakeUserListApi([administrator, person(1), person(2)], administrator)
  const undo = await openConsole(server)({ kind: 'suspend' })
  server.change(2, { status: 'active' })
  server.change(2, { status: 'suspended' })
  expect(await undo?.()).toBe('user.002 changed since and stays as they are.')
  expect([1, 2].map((at) => server.find(at)?.status)).toEqual(['active', 'suspended'])
})

test('whom somebody else suspended or reactivated meanwhile is not counted as undone', async () => {
  const server = new FakeUserListApi([administrator, person(1), person(2, { status: 'suspended' }), person(3)], administrator)
  const undo = await openConsole(server)({ kind: 'suspend' })
  server.change(3, { status: 'active' })
  expect(await undo?.()).toBe('user.003 changed since and stays as they are.')
  expect([1, 2, 3].map((at) => server.find(at)?.status)).toEqual(['active', 'suspended', 'active'])
})

test('a manager who made managers can’t take it back, so no Undo is offered', async () => {
  const undo = await openConsole(new FakeUserListApi([manager, person(1)], manager))({ kind: 'setRole', role: 'manager' })
  expect(undo).toBeNull()
})

test('where nothing was changed there is nothing to undo', async () => {
  const undo = await openConsole(new FakeUserListApi([administrator, person(1)], administrator))({ kind: 'reactivate' })
  expect(undo).toBeNull()
})
