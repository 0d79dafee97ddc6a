import { PiniaColada } from '@pinia/colada'
import type { BulkAction } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { api } from '../../lib/api.ts'
import { coladaOptions } from '../../lib/refresh.ts'
import { useChange } from '../../lib/useChange.ts'
import { useSession } from '../../session/session.store.ts'
import { answerWith } from '../../test.network.ts'
import { FakeUserListApi, sessionOf, userRow } from '../list/test.userListApi.ts'
import { useBulkUndo } from './useBulkUndo.ts'

afterEach(() => vi.unstubAllGlobals())

function openConsole(server: FakeUserListApi) {
  answerWith(server.answers())
  const pinia = createPinia()
  let undoOf: ReturnType<typeof useBulkUndo> | undefined
  let applyBulk: ReturnType<typeof useChange<'user.applyBulk'>>['mutateAsync'] | undefined
  mount(
    defineComponent({
      setup() {
        useSession().take(sessionOf(server.actor))
        undoOf = useBulkUndo()
        applyBulk = useChange('user.applyBulk').mutateAsync
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  return async (action: BulkAction) => {
    const selection = { matching: [{}] }
    const { token } = await api.user.previewBulk.query({ selection, action })
    if (!applyBulk || !undoOf) throw new Error('The console did not come up.')
    return undoOf(action, (await applyBulk({ selection, action, token })).rows)
  }
}
const administrator = userRow(0, { role: 'administrator' })
const manager = userRow(0, { role: 'manager' })

test('restores each user’s former role and limit', async () => {
  const server = new FakeUserListApi(
    [administrator, userRow(1, { dailyLimit: 5 }), userRow(2), userRow(3, { role: 'manager', dailyLimit: 8 })],
    administrator,
  )
  const before = structuredClone(server.users)
  const undo = await openConsole(server)({ kind: 'setRole', role: 'administrator' })
  expect([1, 2, 3].map((index) => server.find(index)?.role)).toEqual([
    'administrator',
    'administrator',
    'administrator',
  ])
  expect(await undo?.()).toBeUndefined()
  expect(server.users).toEqual(before)
})

test('skips and names users who changed again or were deleted', async () => {
  const server = new FakeUserListApi([administrator, ...[1, 2, 3, 4].map((index) => userRow(index))], administrator)
  const undo = await openConsole(server)({ kind: 'setLimit', dailyLimit: 10 })
  server.change(2, { dailyLimit: 99 })
  server.remove(3)
  expect(await undo?.()).toBe('user.002 and user.003 changed in the meantime and were skipped.')
  expect([1, 2, 4].map((index) => server.find(index)?.dailyLimit)).toEqual([null, 99, null])
})

test('skips a user who was reactivated and suspended again', async () => {
  const server = new FakeUserListApi([administrator, userRow(1), userRow(2)], administrator)
  const undo = await openConsole(server)({ kind: 'suspend' })
  server.change(2, { status: 'active' })
  server.change(2, { status: 'suspended' })
  expect(await undo?.()).toBe('user.002 changed in the meantime and was skipped.')
  expect([1, 2].map((index) => server.find(index)?.status)).toEqual(['active', 'suspended'])
})

test('skips a user who was already reactivated', async () => {
  const server = new FakeUserListApi(
    [administrator, userRow(1), userRow(2, { status: 'suspended' }), userRow(3)],
    administrator,
  )
  const undo = await openConsole(server)({ kind: 'suspend' })
  server.change(3, { status: 'active' })
  expect(await undo?.()).toBe('user.003 changed in the meantime and was skipped.')
  expect([1, 2, 3].map((index) => server.find(index)?.status)).toEqual(['active', 'suspended', 'active'])
})

test('offers no undo to a manager who assigned the role Manager', async () => {
  const undo = await openConsole(new FakeUserListApi([manager, userRow(1)], manager))({
    kind: 'setRole',
    role: 'manager',
  })
  expect(undo).toBeNull()
})

test('offers no undo when nothing changed', async () => {
  const undo = await openConsole(new FakeUserListApi([administrator, userRow(1)], administrator))({
    kind: 'reactivate',
  })
  expect(undo).toBeNull()
})
