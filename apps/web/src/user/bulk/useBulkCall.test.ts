import { PiniaColada } from '@pinia/colada'
import {
  type BulkAction,
  emptySelection,
  fieldIssue,
  refuse,
  removeUsers,
  selectMatching,
  setSelected,
  type UserRow,
} from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, ref, shallowRef } from 'vue'
import { coladaOptions } from '../../lib/refresh.ts'
import { useSession } from '../../session/session.store.ts'
import { type Answers, answerWith, settled } from '../../test.network.ts'
import { FakeUserListApi, sessionOf, userRow } from '../list/test.userListApi.ts'
import type { UserSelection } from '../list/useUserSelection.ts'
import { type BulkCall, useBulkCall } from './useBulkCall.ts'

afterEach(() => vi.unstubAllGlobals())

function dialog(server: FakeUserListApi, chosen: UserSelection, first: BulkAction | null, more: Answers = {}) {
  const calls = answerWith({ ...server.answers(), ...more })
  const pinia = createPinia()
  const selection = shallowRef(chosen)
  const action = ref<BulkAction | null>(first)
  const removedWorkspaces: string[] = []
  let call: BulkCall | undefined
  mount(
    defineComponent({
      setup() {
        useSession().take(sessionOf(server.actor))
        call = useBulkCall({
          selection,
          action,
          removeUsers: (ids) => {
            selection.value = removeUsers(selection.value, ids)
          },
          removeWorkspaces: (ids) => removedWorkspaces.push(...ids),
        })
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  if (!call) throw new Error('The dialog did not come up.')
  return {
    call,
    action,
    selection,
    removedWorkspaces,
    sent: (path: string) => calls.filter((each) => each.path === path),
  }
}
const none: UserSelection = emptySelection()
const allMatching: UserSelection = selectMatching(none, {})
const selected = (...rows: UserRow[]): UserSelection => setSelected(none, rows, true, () => false)
const manager = userRow(0, { role: 'manager' })
const organization = () =>
  new FakeUserListApi([manager, userRow(1), userRow(2), userRow(3, { role: 'manager' })], manager)

test('previews who will change and who is refused, with reasons', async () => {
  const { call } = dialog(organization(), allMatching, { kind: 'suspend' })
  await settled()
  expect(call.preview.value).toMatchObject({ total: 4, change: 2, nothing: 0, refused: 2 })
  expect(call.preview.value?.reasons.map(({ count }) => count)).toEqual([1, 1])
})

test('applies exactly what was previewed', async () => {
  const server = organization()
  const { call, sent } = dialog(server, allMatching, { kind: 'suspend' })
  await settled()
  await call.apply()
  expect(call.done.value?.result).toMatchObject({ changed: 2, refused: 2 })
  expect([1, 2, 3].map((index) => server.find(index)?.status)).toEqual(['suspended', 'suspended', 'active'])
  expect(sent('user.applyBulk')).toHaveLength(1)
})

test('neither previews nor applies an incomplete action', async () => {
  const { call, sent } = dialog(organization(), allMatching, null)
  await settled()
  await call.apply()
  expect(sent('user.previewBulk')).toEqual([])
  expect(sent('user.applyBulk')).toEqual([])
})

test('does nothing when the preview is outdated, loads a new one and keeps the parameters', async () => {
  const server = organization()
  const { call, action } = dialog(server, allMatching, { kind: 'setLimit', dailyLimit: 25 })
  await settled()
  server.change(1, { dailyLimit: 25 })
  await call.apply()
  await settled()
  expect(call.done.value).toBeNull()
  expect(call.notice.value).toBe(
    'The selection changed just now. Nothing has been done yet. Here’s the updated preview.',
  )
  expect(action.value).toEqual({ kind: 'setLimit', dailyLimit: 25 })
  expect(call.preview.value).toMatchObject({ change: 1, nothing: 1 })
  await call.apply()
  expect(call.done.value?.result.changed).toBe(1)
  expect(server.find(2)?.dailyLimit).toBe(25)
})

test('removes deleted users by name and goes on with the others', async () => {
  const server = organization()
  server.remove(2)
  const { call, selection } = dialog(server, selected(userRow(1), userRow(2)), {
    kind: 'suspend',
  })
  await settled()
  expect(call.notice.value).toBe('user.002 no longer exists and was removed from the selection.')
  expect(call.preview.value).toMatchObject({ total: 1, change: 1 })
  server.remove(1)
  await call.apply()
  await settled()
  expect(call.notice.value).toBe('None of the selected users still exist.')
  expect(selection.value).toEqual(none)
  expect(call.done.value).toBeNull()
})

test('removes a deleted workspace from the action', async () => {
  const unknown = () => {
    throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: ['w'] })
  }
  const { call, action, removedWorkspaces } = dialog(
    organization(),
    allMatching,
    { kind: 'addToWorkspaces', workspaceIds: ['w'] },
    { 'user.previewBulk': unknown },
  )
  await settled()
  expect(removedWorkspaces).toEqual(['w'])
  action.value = null
  await settled()
  expect(call.notice.value).toBe('A workspace you selected no longer exists and was removed from the selection.')
})

test('shows the refusal of a selection above the limit', async () => {
  const tooMany = () => {
    throw refuse('BAD_INPUT', { issues: [fieldIssue(['selection'], 'TOO_MANY', { max: 10_000 })] })
  }
  const { call } = dialog(organization(), allMatching, { kind: 'suspend' }, { 'user.previewBulk': tooMany })
  await settled()
  expect(call.failure.value).toBe('At most 10,000 at once.')
  expect(call.preview.value).toBeNull()
})

test('shows what is left to do after a lost answer', async () => {
  const server = organization()
  const lostAnswer: Answers = {
    'user.applyBulk': (input) => {
      void server.answers()['user.applyBulk']?.(input)
      throw new TypeError('Failed to fetch')
    },
  }
  const { call } = dialog(server, allMatching, { kind: 'suspend' }, lostAnswer)
  await settled()
  await call.apply()
  expect(call.notice.value).toBe('We lost the connection. Here’s what still needs to be done.')
  expect(call.preview.value).toMatchObject({ change: 0, nothing: 2 })
})

test('applies once on a double click', async () => {
  const { call, sent } = dialog(organization(), allMatching, { kind: 'suspend' })
  await settled()
  await Promise.all([call.apply(), call.apply()])
  expect(sent('user.applyBulk')).toHaveLength(1)
})

test('uses only the latest of several previews', async () => {
  const { call, action } = dialog(organization(), allMatching, { kind: 'setLimit', dailyLimit: 1 })
  action.value = { kind: 'setLimit', dailyLimit: 2 }
  await vi.waitFor(() => expect(call.latest.value?.action).toEqual({ kind: 'setLimit', dailyLimit: 2 }))
  await call.apply()
  expect(call.done.value?.action).toEqual({ kind: 'setLimit', dailyLimit: 2 })
})

test('waits for a loading preview and applies if it equals the shown one', async () => {
  const { call, action } = dialog(organization(), allMatching, { kind: 'setLimit', dailyLimit: 10 })
  await settled()
  action.value = { kind: 'setLimit', dailyLimit: 12 }
  await call.apply()
  expect(call.done.value).toMatchObject({ action: { kind: 'setLimit', dailyLimit: 12 }, result: { changed: 2 } })
})

test('shows a differing preview before it applies', async () => {
  const server = organization()
  server.change(1, { dailyLimit: 12 })
  const { call, action, sent } = dialog(server, allMatching, { kind: 'setLimit', dailyLimit: 10 })
  await settled()
  expect(call.preview.value?.change).toBe(2)
  action.value = { kind: 'setLimit', dailyLimit: 12 }
  await call.apply()
  expect(call.preview.value?.change).toBe(1)
  expect(sent('user.applyBulk')).toEqual([])
  await call.apply()
  expect(call.done.value?.result.changed).toBe(1)
})
