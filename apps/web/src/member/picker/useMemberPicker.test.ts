import { PiniaColada } from '@pinia/colada'
import type { WorkspaceDetail } from '@roster/domain'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { coladaOptions, refresh } from '../../lib/refresh.ts'
import { type Answers, answerWith, settled } from '../../test.network.ts'
import { candidate, MemberApi } from './test.memberApi.ts'
import { type MemberPicker, useMemberPicker } from './useMemberPicker.ts'

const WORKSPACE: WorkspaceDetail = {
  id: 'w',
  organizationId: 'o',
  organizationName: 'Nordwind',
  name: 'Research',
  archivedAt: null,
  createdAt: '2026-11-01T09:00:00.000Z',
  memberCount: 0,
  assigned: false,
  expiresAt: null,
  timeZone: 'UTC',
}

let close: () => void = () => undefined
afterEach(() => {
  close()
  vi.unstubAllGlobals()
})

async function open(api: MemberApi, more: Answers = {}, workspace = WORKSPACE) {
  const calls = answerWith({ ...api.answers(), ...more })
  const pinia = createPinia()
  let picker: MemberPicker | undefined
  const page = mount(
    defineComponent({
      setup() {
        picker = useMemberPicker(workspace)
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  close = () => page.unmount()
  if (!picker) throw new Error('The picker was not mounted.')
  await settled()
  return {
    picker,
    saves: () => calls.filter(({ path }) => path === 'member.update').map(({ input }) => input),
    receiveChange: async () => {
      refresh(pinia, ['member'])
      await settled()
    },
  }
}
const users = (count: number, members = 0) =>
  new MemberApi(Array.from({ length: count }, (_, at) => candidate(at, { member: at < members })))
function rowOf({ list }: MemberPicker, id: string) {
  const row = list.rows.value.find((each) => each.id === id)
  if (!row) throw new Error(`${id} is not listed.`)
  return row
}

test('saves once when Save is pressed twice', async () => {
  const { picker, saves } = await open(users(5))
  picker.check([rowOf(picker, 'id-1')], true)
  const [first, second] = await Promise.all([picker.save(), picker.save()])
  expect([first?.added, second]).toEqual([['id-1'], null])
  expect(saves()).toHaveLength(1)
})

test('users checked before a search stay checked, and “select all” adds to them', async () => {
  const api = users(200, 10)
  const { picker, saves } = await open(api)
  picker.check([rowOf(picker, 'id-20')], true)
  picker.check([rowOf(picker, 'id-3')], false)
  picker.search.value = 'user.0015'
  await settled()
  await picker.checkAll()
  expect(picker.changes.value).toEqual({ added: 11, removed: 1 })
  picker.search.value = ''
  picker.tab.value = 'selected'
  await settled()
  expect(picker.list.rows.value.map(({ id }) => id)).toContain('id-20')
  expect(picker.list.rows.value.map(({ id }) => id)).not.toContain('id-3')
  await picker.save()
  expect(saves()).toHaveLength(1)
  expect(api.memberIds()).toHaveLength(10 - 1 + 11)
})

test('“select all” adds every match, loaded or not, and can be undone until the next change', async () => {
  const api = users(300, 10)
  const { picker } = await open(api)
  await picker.checkAll()
  expect(picker.changes.value).toEqual({ added: 290, removed: 0 })
  expect(picker.canUndoSelectAll.value).toBe(true)
  picker.undoSelectAll()
  expect(picker.changes.value).toEqual({ added: 0, removed: 0 })
  await settled()
  await picker.checkAll()
  picker.check([rowOf(picker, 'id-30')], false)
  expect(picker.canUndoSelectAll.value).toBe(false)
  await picker.save()
  expect(api.memberIds()).toHaveLength(299)
})

test('two “select all” with disjoint filters end up in one save', async () => {
  const api = users(400)
  const { picker, saves } = await open(api)
  picker.search.value = 'user.000'
  await settled()
  await picker.checkAll()
  picker.search.value = 'user.002'
  await settled()
  await picker.checkAll()
  expect(picker.changes.value.added).toBe(200)
  await picker.save()
  expect(saves()).toHaveLength(1)
  expect(api.memberIds()).toHaveLength(200)
})

test('a save by another manager shows, and unsaved changes stay', async () => {
  const api = users(5, 2)
  const { picker, receiveChange } = await open(api)
  picker.check([rowOf(picker, 'id-3')], true)
  picker.check([rowOf(picker, 'id-0')], false)
  api.setMember('id-3', true)
  api.setMember('id-4', true)
  await receiveChange()
  expect(picker.changes.value).toEqual({ added: 0, removed: 1 })
  expect(picker.isChecked(rowOf(picker, 'id-4'))).toBe(true)
  await picker.save()
  expect(api.memberIds()).toEqual(['id-1', 'id-3', 'id-4'])
})

test('a deleted user is removed from the changes and named, and the rest can be saved', async () => {
  const api = users(5)
  const { picker } = await open(api)
  picker.check([rowOf(picker, 'id-1'), rowOf(picker, 'id-2')], true)
  api.deleteUser('id-2')
  expect(await picker.save()).toBeNull()
  expect(picker.notice.value).toBe(
    '1 user no longer exists and was removed from your changes: user.00002. You can still save the rest.',
  )
  expect(picker.changes.value.added).toBe(1)
  expect((await picker.save())?.added).toEqual(['id-1'])
})

test('the message about a deleted user mentions no other changes when none remain', async () => {
  const api = users(3)
  const { picker } = await open(api)
  picker.check([rowOf(picker, 'id-2')], true)
  api.deleteUser('id-2')
  await picker.save()
  expect(picker.notice.value).toBe('1 user no longer exists and was removed from your changes: user.00002.')
  expect(picker.dirty.value).toBe(false)
})

test('saves nothing when the number of matches changed, and shows the new number first', async () => {
  const api = users(200)
  const { picker } = await open(api)
  await picker.checkAll()
  api.users = [...api.users, candidate(900)]
  expect(await picker.save()).toBeNull()
  expect(api.memberIds()).toEqual([])
  expect(picker.notice.value).toContain('Saving now would add 201 users instead of 200.')
  expect((await picker.save())?.added).toHaveLength(201)
})

test('after a lost answer, shows that the save had arrived', async () => {
  const api = users(4)
  const { picker } = await open(api, {
    'member.update': (input) => {
      api.update(input)
      throw new TypeError('Failed to fetch')
    },
  })
  picker.check([rowOf(picker, 'id-1')], true)
  expect(await picker.save()).toBeNull()
  expect(picker.failure.value).toContain('we don’t know yet whether your changes were saved')
  await settled()
  expect([picker.failure.value, picker.notice.value, picker.dirty.value]).toEqual([
    null,
    'Your changes were saved. There is nothing left to change.',
    false,
  ])
})

test('after a lost answer, shows that the save had not arrived and keeps the selection', async () => {
  const api = users(4)
  const { picker } = await open(api, {
    'member.update': () => {
      throw new TypeError('Failed to fetch')
    },
  })
  picker.check([rowOf(picker, 'id-1')], true)
  await picker.save()
  await settled()
  expect(picker.failure.value).toBe('Your changes were not saved. Your selection is still here, so you can save again.')
  expect([picker.changes.value.added, picker.unanswered.value]).toEqual([1, false])
})

test('an archived workspace allows removing members, but not adding any', async () => {
  const api = users(4, 2)
  const { picker } = await open(api, {}, { ...WORKSPACE, archivedAt: '2026-11-02T09:00:00.000Z' })
  expect(picker.list.rows.value.map(({ id }) => id)).toEqual(['id-0', 'id-1'])
  await picker.checkAll()
  picker.check([candidate(3)], true)
  expect(picker.dirty.value).toBe(false)
  picker.check([rowOf(picker, 'id-0')], false)
  await picker.save()
  expect(api.memberIds()).toEqual(['id-1'])
})
