import { PiniaColada } from '@pinia/colada'
import { type BulkAction, fieldIssue, refuse } from '@roster/domain'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, ref, shallowRef } from 'vue'
import { coladaOptions } from '../lib/refresh.ts'
import { useSession } from '../session/session.store.ts'
import { type Answers, answerWith } from '../test.network.ts'
import { me, person, FakeUserListApi } from './test.userListApi.ts'
import { type BulkCall, useBulkCall } from './useBulkCall.ts'
import { NOBODY, pick, type UserSelection, without } from './userSelection.ts'

afterEach(() => vi.unstubAllGlobals())

async function settled(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}

function dialog(server: FakeUserListApi, chosen: UserSelection, first: BulkAction | null, more: Answers = {}) {
  const calls = answerWith({ ...server.answers(), ...more })
  const pinia = createPinia()
  const selection = shallowRef(chosen)
  const action = ref<BulkAction | null>(first)
  const forgotten: string[] = []
  let call: BulkCall | undefined
  mount(
    defineComponent({
      setup() {
        useSession().take(me(server.actor))
        call = useBulkCall({
          selection,
          action,
          forgetUsers: (ids) => {
            selection.value = without(selection.value, ids)
          },
          forgetWorkspaces: (ids) => forgotten.push(...ids),
        })
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  if (!call) throw new Error('The dialog did not come up.')
  return { call, action, selection, forgotten, sent: (path: string) => calls.filter((each) => each.path === path) }
}
const everybody: UserSelection = { kind: 'matching', filter: {}, except: new Map() }
const manager = person(0, { role: 'manager' })
const organization = () => new FakeUserListApi([manager, person(1), person(2), person(3, { role: 'manager' })], manager)

test('a look says whom it would change, and whom not and why', async () => {
  const { call } = dialog(organization(), everybody, { kind: 'suspend' })
  await settled()
  expect(call.current.value).toMatchObject({ total: 4, change: 2, nothing: 0, refused: 2 })
  expect(call.current.value?.reasons.map(({ count }) => count)).toEqual([1, 1])
})

test('what is done is what was looked at', async () => {
  const server = organization()
  const { call, sent } = dialog(server, everybody, { kind: 'suspend' })
  await settled()
  await call.apply()
  expect(call.done.value?.result).toMatchObject({ changed: 2, refused: 2 })
  expect([1, 2, 3].map((at) => server.find(at)?.status)).toEqual(['suspended', 'suspended', 'active'])
  expect(sent('user.applyBulk')).toHaveLength(1)
})

test('as long as something is missing nothing is looked up, and nothing can be done', async () => {
  const { call, sent } = dialog(organization(), everybody, null)
  await settled()
  await call.apply()
  expect(sent('user.previewBulk')).toEqual([])
  expect(sent('user.applyBulk')).toEqual([])
})

test('when somebody changed since the look nothing is done; it is said, looked up anew, and what was chosen is still there', async () => {
  const server = organization()
  const { call, action } = dialog(server, everybody, { kind: 'setLimit', dailyLimit: 25 })
  await settled()
  server.change(1, { dailyLimit: 25 })
  await call.apply()
  await settled()
  expect(call.done.value).toBeNull()
  expect(call.notice.value).toBe('The selection, or somebody in it, changed a moment ago. Nothing was done yet: this is how it stands now.')
  expect(action.value).toEqual({ kind: 'setLimit', dailyLimit: 25 })
  expect(call.current.value).toMatchObject({ change: 1, nothing: 1 })
  await call.apply()
  expect(call.done.value?.result.changed).toBe(1)
  expect(server.find(2)?.dailyLimit).toBe(25)
})

test('whoever is gone is dropped by name, and the others go on', async () => {
  const server = organization()
  server.remove(2)
  const { call, selection } = dialog(server, pick(NOBODY, [person(1), person(2)], true), { kind: 'suspend' })
  await settled()
  expect(call.notice.value).toBe('user.002 isn’t there any more and was dropped from the selection.')
  expect(call.current.value).toMatchObject({ total: 1, change: 1 })
  server.remove(1)
  await call.apply()
  await settled()
  expect(call.notice.value).toBe('Nobody of this selection is left.')
  expect(selection.value).toEqual(NOBODY)
  expect(call.done.value).toBeNull()
})

test('a workspace that is gone is taken out of what was chosen', async () => {
  const gone = () => {
    throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: ['w'] })
  }
  const { call, action, forgotten } = dialog(organization(), everybody, { kind: 'addToWorkspaces', workspaceIds: ['w'] }, { 'user.previewBulk': gone })
  await settled()
  expect(forgotten).toEqual(['w'])
  action.value = null
  await settled()
  expect(call.notice.value).toBe('A workspace that you chose isn’t there any more and was dropped.')
})

test('more people than one call takes are refused in words', async () => {
  const tooMany = () => {
    throw refuse('BAD_INPUT', { issues: [fieldIssue(['selection'], 'TOO_MANY', { max: 10_000 })] })
  }
  const { call } = dialog(organization(), everybody, { kind: 'suspend' }, { 'user.previewBulk': tooMany })
  await settled()
  expect(call.failure.value).toBe('At most 10,000 at once.')
  expect(call.current.value).toBeNull()
})

test('an answer that got lost is not taken for a failure: the next look says what is left to do', async () => {
  const server = organization()
  const lost: Answers = {
    'user.applyBulk': (input) => {
      server.answers()['user.applyBulk']?.(input)
      throw new TypeError('Failed to fetch')
    },
  }
  const { call } = dialog(server, everybody, { kind: 'suspend' }, lost)
  await settled()
  await call.apply()
  expect(call.notice.value).toBe('The answer got lost, so it isn’t known how much was done. Below is what is left to do.')
  expect(call.current.value).toMatchObject({ change: 0, nothing: 2 })
})

test('a double click does it once', async () => {
  const { call, sent } = dialog(organization(), everybody, { kind: 'suspend' })
  await settled()
  await Promise.all([call.apply(), call.apply()])
  expect(sent('user.applyBulk')).toHaveLength(1)
})

test('of several looks only the last one counts', async () => {
  const { call, action } = dialog(organization(), everybody, { kind: 'setLimit', dailyLimit: 1 })
  action.value = { kind: 'setLimit', dailyLimit: 2 }
  await new Promise((resolve) => setTimeout(resolve, 200))
  await settled()
  expect(call.look.value?.action).toEqual({ kind: 'setLimit', dailyLimit: 2 })
  await call.apply()
  expect(call.done.value?.action).toEqual({ kind: 'setLimit', dailyLimit: 2 })
})

test('whoever asks in the middle of a look is not left without an answer: it is done once the look says what was shown', async () => {
  const { call, action } = dialog(organization(), everybody, { kind: 'setLimit', dailyLimit: 10 })
  await settled()
  action.value = { kind: 'setLimit', dailyLimit: 12 }
  await call.apply()
  expect(call.done.value).toMatchObject({ action: { kind: 'setLimit', dailyLimit: 12 }, result: { changed: 2 } })
})

test('when the look says otherwise than was shown, that is shown first', async () => {
  const server = organization()
  server.change(1, { dailyLimit: 12 })
  const { call, action, sent } = dialog(server, everybody, { kind: 'setLimit', dailyLimit: 10 })
  await settled()
  expect(call.current.value?.change).toBe(2)
  action.value = { kind: 'setLimit', dailyLimit: 12 }
  await call.apply()
  expect(call.current.value?.change).toBe(1)
  expect(sent('user.applyBulk')).toEqual([])
  await call.apply()
  expect(call.done.value?.result.changed).toBe(1)
})
