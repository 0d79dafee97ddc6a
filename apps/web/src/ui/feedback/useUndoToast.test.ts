import { useToast } from '@nuxt/ui/composables'
import { refuse } from '@roster/domain'
import { TRPCClientError } from '@trpc/client'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'
import { defineComponent } from 'vue'
import { type Undoable, useUndoToast } from './useUndoToast.ts'

function offer(undoable: Undoable) {
  let toast: ReturnType<typeof useToast> | undefined
  mount(
    defineComponent({
      setup() {
        toast = useToast()
        useUndoToast()(undoable)
        return () => null
      },
    }),
  )
  if (!toast) throw new Error('There is no toast.')
  const { toasts, clear } = toast
  return {
    titles: () => toasts.value.filter((each) => each.open).map((each) => each.title),
    descriptions: () => toasts.value.filter((each) => each.open).map((each) => each.description),
    press: async () => {
      await flushPromises()
      const action = toasts.value.flatMap((each) => each.actions ?? [])[0]
      for (const handler of [action?.onClick].flat()) await handler?.(new MouseEvent('click'))
      await flushPromises()
    },
    clear,
  }
}
let shown: ReturnType<typeof offer> | undefined
afterEach(() => shown?.clear())

test('undoes a change once', async () => {
  let undone = 0
  shown = offer({ title: 'Suspended', undo: async () => undone++ })
  await shown.press()
  await shown.press()
  expect(undone).toBe(1)
  expect(shown.titles()).toEqual(['Change undone'])
})

test('shows what could not be undone', async () => {
  shown = offer({ title: 'Saved', undo: async () => '2 users changed since.' })
  await shown.press()
  expect(shown.descriptions()).toEqual(['2 users changed since.'])
})

test('shows why the server refuses an undo', async () => {
  shown = offer({
    title: 'Suspended',
    undo: async () => {
      const { refusal } = refuse('ROLE_LACKS_ACTION', { action: 'user.reactivate', role: 'default' })
      throw TRPCClientError.from({ error: { message: '', code: -32003, data: { refusal, requestId: 'r' } } })
    },
  })
  await shown.press()
  expect(shown.descriptions()).toEqual(['You need a different role to do this. You’re signed in as Default User.'])
})
