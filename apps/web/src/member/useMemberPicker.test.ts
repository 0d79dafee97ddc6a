import { PiniaColada } from '@pinia/colada'
import type { WorkspaceDetail } from '@roster/domain'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { coladaOptions, refresh } from '../lib/refresh.ts'
import { type Answers, answerWith } from '../test.network.ts'
import { user, WorkspaceServer } from './test.server.ts'
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

async function open(server: WorkspaceServer, more: Answers = {}, workspace = WORKSPACE) {
  const calls = answerWith({ ...server.answers(), ...more })
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
  if (!picker) throw new Error('The picker did not come up.')
  await settled()
  return {
    picker,
    saves: () => calls.filter(({ path }) => path === 'member.update').map(({ input }) => input),
    heard: async () => {
      refresh(pinia, ['member'])
      await settled()
    },
  }
}
async function settled(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await flushPromises()
  }
}
const users = (count: number, members = 0) => new WorkspaceServer(Array.from({ length: count }, (_, at) => user(at, { member: at < members })))
function rowOf({ list }: MemberPicker, id: string) {
  const row = list.rows.value.find((each) => each.id === id)
  if (!row) throw new Error(`${id} is not listed.`)
  return row
}

test('Save pressed twice saves once', async () => {
  const { picker, saves } = await open(users(5))
  picker.setChecked([rowOf(picker, 'id-1')], true)
  const [first, second] = await Promise.all([picker.save(), picker.save()])
  expect([first?.added, second]).toEqual([['id-1'], null])
  expect(saves()).toHaveLength(1)
})

test('people ticked before a search stay ticked while they are out of sight, and “select all” adds to them', async () => {
  const server = users(200, 10)
  const { picker, saves } = await open(server)
  picker.setChecked([rowOf(picker, 'id-20')], true)
  picker.setChecked([rowOf(picker, 'id-3')], false)
  picker.search.value = 'person.0015'
  await settled()
  await picker.selectAll()
  expect(picker.changes.value).toEqual({ added: 11, removed: 1 })
  picker.search.value = ''
  picker.show.value = 'selected'
  await settled()
  expect(picker.list.rows.value.map(({ id }) => id)).toContain('id-20')
  expect(picker.list.rows.value.map(({ id }) => id)).not.toContain('id-3')
  await picker.save()
  expect(saves()).toHaveLength(1)
  expect(server.members()).toHaveLength(10 - 1 + 11)
})

test('“select all” of more than are loaded takes everybody who matches, and can be taken back as long as nothing else was decided', async () => {
  const server = users(300, 10)
  const { picker } = await open(server)
  await picker.selectAll()
  expect(picker.changes.value).toEqual({ added: 290, removed: 0 })
  expect(picker.canUndoAll.value).toBe(true)
  picker.undoAll()
  expect(picker.changes.value).toEqual({ added: 0, removed: 0 })
  await picker.selectAll()
  picker.setChecked([rowOf(picker, 'id-30')], false)
  expect(picker.canUndoAll.value).toBe(false)
  await picker.save()
  expect(server.members()).toHaveLength(299)
})

test('two “select all” of people who have nothing in common end up in one save', async () => {
  const server = users(400)
  const { picker, saves } = await open(server)
  picker.search.value = 'person.000'
  await settled()
  await picker.selectAll()
  picker.search.value = 'person.002'
  await settled()
  await picker.selectAll()
  expect(picker.changes.value.added).toBe(200)
  await picker.save()
  expect(saves()).toHaveLength(1)
  expect(server.members()).toHaveLength(200)
})

test('what another manager saves meanwhile shows, and one’s own changes stay', async () => {
  const server = users(5, 2)
  const { picker, heard } = await open(server)
  picker.setChecked([rowOf(picker, 'id-3')], true)
  picker.setChecked([rowOf(picker, 'id-0')], false)
  server.put('id-3', true)
  server.put('id-4', true)
  await heard()
  expect(picker.changes.value).toEqual({ added: 0, removed: 1 })
  expect(picker.checked(rowOf(picker, 'id-4'))).toBe(true)
  await picker.save()
  expect(server.members()).toEqual(['id-1', 'id-3', 'id-4'])
})

test('a person who is gone is dropped from the changes and named, and the rest can be saved', async () => {
  const server = users(5)
  const { picker } = await open(server)
  picker.setChecked([rowOf(picker, 'id-1'), rowOf(picker, 'id-2')], true)
  server.delete('id-2')
  expect(await picker.save()).toBeNull()
  expect(picker.notice.value).toBe('1 person isn’t there any more and was dropped from your changes: person.00002. The rest can still be saved.')
  expect(picker.changes.value.added).toBe(1)
  expect((await picker.save())?.added).toEqual(['id-1'])
})

test('when nobody is left to save, nothing is said about a rest', async () => {
  const server = users(3)
  const { picker } = await open(server)
  picker.setChecked([rowOf(picker, 'id-2')], true)
  server.delete('id-2')
  await picker.save()
  expect(picker.notice.value).toBe('1 person isn’t there any more and was dropped from your changes: person.00002.')
  expect(picker.dirty.value).toBe(false)
})

test('when others match than were counted nothing is saved, and the new number is told before one saves again', async () => {
  const server = users(200)
  const { picker } = await open(server)
  await picker.selectAll()
  server.users = [...server.users, user(900)]
  expect(await picker.save()).toBeNull()
  expect(server.members()).toEqual([])
  expect(picker.notice.value).toContain('Saving now would add 201 instead of 200.')
  expect((await picker.save())?.added).toHaveLength(201)
})

test('a save without an answer is looked up: it had arrived', async () => {
  const server = users(4)
  const { picker } = await open(server, {
    'member.update': (input) => {
      server.change(input as Parameters<typeof server.change>[0])
      throw new TypeError('Failed to fetch')
    },
  })
  picker.setChecked([rowOf(picker, 'id-1')], true)
  expect(await picker.save()).toBeNull()
  expect(picker.failure.value).toContain('whether this was saved isn’t known yet')
  await settled()
  expect([picker.failure.value, picker.notice.value, picker.dirty.value]).toEqual([null, 'It was saved after all: nothing is left to change.', false])
})

test('a save without an answer is looked up: it had not arrived, and what was chosen is still there', async () => {
  const server = users(4)
  const { picker } = await open(server, {
    'member.update': () => {
      throw new TypeError('Failed to fetch')
    },
  })
  picker.setChecked([rowOf(picker, 'id-1')], true)
  await picker.save()
  await settled()
  expect(picker.failure.value).toBe('It was not saved. What you chose is still here: save again.')
  expect([picker.changes.value.added, picker.unanswered.value]).toEqual([1, false])
})

test('in an archived workspace people can go, and nobody can come', async () => {
  const server = users(4, 2)
  const { picker } = await open(server, {}, { ...WORKSPACE, archivedAt: '2026-11-02T09:00:00.000Z' })
  expect(picker.list.rows.value.map(({ id }) => id)).toEqual(['id-0', 'id-1'])
  await picker.selectAll()
  picker.setChecked([user(3)], true)
  expect(picker.dirty.value).toBe(false)
  picker.setChecked([rowOf(picker, 'id-0')], false)
  await picker.save()
  expect(server.members()).toEqual(['id-1'])
})
