import { useToast } from '@nuxt/ui/composables'
import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { coladaOptions } from '../lib/refresh.ts'
import { answerWith } from '../test.network.ts'
import { user, WorkspaceServer } from './test.server.ts'
import { savedTitle, useMembershipUndo } from './useMembershipUndo.ts'

function panel(server: WorkspaceServer) {
  const calls = answerWith(server.answers())
  const pinia = createPinia()
  let tell: ReturnType<typeof useMembershipUndo> | undefined
  let toast: ReturnType<typeof useToast> | undefined
  mount(
    defineComponent({
      setup() {
        tell = useMembershipUndo()
        toast = useToast()
        return () => null
      },
    }),
    { global: { plugins: [pinia, [PiniaColada, coladaOptions(pinia)]] } },
  )
  if (!tell || !toast) throw new Error('The panel did not come up.')
  const { toasts, clear } = toast
  return {
    calls,
    tell,
    said: () => toasts.value.filter((each) => each.open).map(({ title, description }) => [title, description]),
    async undo() {
      await flushPromises()
      const action = toasts.value.flatMap((each) => each.actions ?? [])[0]
      for (const handler of [action?.onClick].flat()) await handler?.(new MouseEvent('click'))
      await vi.waitFor(() => expect(toasts.value.some(({ title }) => title === 'Undone' || title === 'That did not work')).toBe(true))
    },
    clear,
  }
}
let shown: ReturnType<typeof panel> | undefined
afterEach(() => {
  shown?.clear()
  vi.unstubAllGlobals()
})
const server = () => new WorkspaceServer(Array.from({ length: 6 }, (_, at) => user(at, { member: at < 2, displayName: `User ${at}` })))

test('it tells what was really done, not what was asked', async () => {
  shown = panel(server())
  shown.tell('w', { added: ['id-2'], removed: [], unchanged: 2, memberCount: 3, ends: [] })
  await flushPromises()
  expect(shown.said()).toEqual([['1 person added', '2 were so already.']])
  expect(savedTitle(2, 1)).toBe('2 added, 1 removed')
  expect(savedTitle(0, 1)).toBe('1 person removed')
})

test('Undo takes back exactly what was done', async () => {
  const workspace = server()
  const result = workspace.change({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: ['id-0'] })
  shown = panel(workspace)
  shown.tell('w', result)
  await shown.undo()
  expect(workspace.members()).toEqual(['id-0', 'id-1'])
  expect(shown.said()).toEqual([['Undone', undefined]])
})

test('whoever was changed again since stays as they are, and is named', async () => {
  const workspace = server()
  const result = workspace.change({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: [] })
  workspace.put('id-3', false)
  shown = panel(workspace)
  shown.tell('w', result)
  await shown.undo()
  expect(workspace.members()).toEqual(['id-0', 'id-1'])
  expect(shown.said()).toEqual([['Undone', 'Changed since, and left as it is: User 3.']])
})

test('whoever was deleted since can’t come back, and doesn’t keep the others from it', async () => {
  const workspace = server()
  const result = workspace.change({ workspaceId: 'w', add: [], remove: ['id-0', 'id-1'] })
  workspace.delete('id-1')
  shown = panel(workspace)
  shown.tell('w', result)
  await shown.undo()
  expect(workspace.members()).toEqual(['id-0'])
  expect(shown.said()).toEqual([['Undone', '1 person was changed since and stayed as they are.']])
})

test('more people than one call takes are taken back by two', async () => {
  const many = new WorkspaceServer(Array.from({ length: 10_002 }, (_, at) => user(at, { member: at < 2 })))
  const ids = many.users.map(({ id }) => id)
  many.users = many.users.map((row) => ({ ...row, member: !row.member }))
  shown = panel(many)
  shown.tell('w', { added: ids.slice(2), removed: ids.slice(0, 2), unchanged: 0, memberCount: 10_000, ends: [] })
  // One user at a time this would be slow; what counts is how the calls are cut.
  many.change = ({ add = [], remove = [] }) => {
    const [into, out] = [new Set(add), new Set(remove)]
    many.users = many.users.map((row) => ({ ...row, member: into.has(row.id) || (row.member && !out.has(row.id)) }))
    return { added: [...add], removed: [...remove], unchanged: 0, memberCount: 0, ends: [] }
  }
  await shown.undo()
  expect(many.members()).toEqual(['id-0', 'id-1'])
  const changes = shown.calls.filter(({ path }) => path === 'member.update').map(({ input }) => input as { add: string[]; remove: string[] })
  expect(changes.map(({ add, remove }) => add.length + remove.length)).toEqual([10_000, 2])
})
