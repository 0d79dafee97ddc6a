import { useToast } from '@nuxt/ui/composables'
import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { coladaOptions } from '../lib/refresh.ts'
import { answerWith } from '../test.network.ts'
import { candidate, MemberApi } from './picker/test.memberApi.ts'
import { savedTitle, useMembershipUndo } from './useMembershipUndo.ts'

function mountPanel(api: MemberApi) {
  const calls = answerWith(api.answers())
  const pinia = createPinia()
  let notifySaved: ReturnType<typeof useMembershipUndo> | undefined
  let toast: ReturnType<typeof useToast> | undefined
  mount(
    defineComponent({
      setup() {
        notifySaved = useMembershipUndo()
        toast = useToast()
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  if (!notifySaved || !toast) throw new Error('The panel was not mounted.')
  const { toasts, clear } = toast
  return {
    calls,
    notifySaved,
    messages: () => toasts.value.filter((each) => each.open).map(({ title, description }) => [title, description]),
    async undo() {
      await flushPromises()
      const action = toasts.value.flatMap((each) => each.actions ?? [])[0]
      for (const handler of [action?.onClick].flat()) await handler?.(new MouseEvent('click'))
      await vi.waitFor(() =>
        expect(toasts.value.some(({ title }) => title === 'Change undone' || title === 'Something went wrong')).toBe(
          true,
        ),
      )
    },
    clear,
  }
}
let shown: ReturnType<typeof mountPanel> | undefined
afterEach(() => {
  shown?.clear()
  vi.unstubAllGlobals()
})
const WORKSPACE = { id: 'w', name: 'Research' }
const api = () =>
  new MemberApi(Array.from({ length: 6 }, (_, at) => candidate(at, { member: at < 2, displayName: `User ${at}` })))

test('the message states what changed, not what was requested', async () => {
  shown = mountPanel(api())
  shown.notifySaved(WORKSPACE, { added: ['id-2'], removed: [], unchanged: 2, memberCount: 3, ends: [] })
  await flushPromises()
  expect(shown.messages()).toEqual([['1 user added to “Research”', '2 users were already up to date.']])
  expect(savedTitle('Research', 2, 1)).toBe('“Research”: 2 added, 1 removed')
  expect(savedTitle('Research', 0, 1)).toBe('1 user removed from “Research”')
})

test('Undo reverts exactly what changed', async () => {
  const workspace = api()
  const result = workspace.update({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: ['id-0'] })
  shown = mountPanel(workspace)
  shown.notifySaved(WORKSPACE, result)
  await shown.undo()
  expect(workspace.memberIds()).toEqual(['id-0', 'id-1'])
  expect(shown.messages()).toEqual([['Change undone', undefined]])
})

test('Undo skips and names a user that changed since', async () => {
  const workspace = api()
  const result = workspace.update({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: [] })
  workspace.setMember('id-3', false)
  shown = mountPanel(workspace)
  shown.notifySaved(WORKSPACE, result)
  await shown.undo()
  expect(workspace.memberIds()).toEqual(['id-0', 'id-1'])
  expect(shown.messages()).toEqual([['Change undone', 'Skipped because they changed in the meantime: User 3.']])
})

test('Undo skips a deleted user and restores the others', async () => {
  const workspace = api()
  const result = workspace.update({ workspaceId: 'w', add: [], remove: ['id-0', 'id-1'] })
  workspace.deleteUser('id-1')
  shown = mountPanel(workspace)
  shown.notifySaved(WORKSPACE, result)
  await shown.undo()
  expect(workspace.memberIds()).toEqual(['id-0'])
  expect(shown.messages()).toEqual([['Change undone', '1 user was skipped because they changed in the meantime.']])
})

test('Undo of more users than one call takes uses two calls', async () => {
  const many = new MemberApi(Array.from({ length: 10_002 }, (_, at) => candidate(at, { member: at < 2 })))
  const ids = many.users.map(({ id }) => id)
  many.users = many.users.map((row) => ({ ...row, member: !row.member }))
  shown = mountPanel(many)
  shown.notifySaved(WORKSPACE, {
    added: ids.slice(2),
    removed: ids.slice(0, 2),
    unchanged: 0,
    memberCount: 10_000,
    ends: [],
  })
  // The real update is too slow for this many users; the test is about how the calls are split.
  many.update = ({ add = [], remove = [] }) => {
    const [into, out] = [new Set(add as string[]), new Set(remove)]
    many.users = many.users.map((row) => ({ ...row, member: into.has(row.id) || (row.member && !out.has(row.id)) }))
    return { added: [...into], removed: [...out], unchanged: 0, memberCount: 0, ends: [] }
  }
  await shown.undo()
  expect(many.memberIds()).toEqual(['id-0', 'id-1'])
  const changes = shown.calls.flatMap((call) => (call.path === 'member.update' ? [call.input] : []))
  expect(changes.map(({ add = [], remove = [] }) => (add as string[]).length + remove.length)).toEqual([10_000, 2])
})
