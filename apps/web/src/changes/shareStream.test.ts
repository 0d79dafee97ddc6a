// @vitest-environment node
// Node has the browsers' own Web Locks and BroadcastChannel, so several "tabs" of one process share as tabs of a browser do.
import type { ChangeEvent } from '@roster/domain'
import { expect, test } from 'vitest'
import { shareStream } from './shareStream.ts'

function tab(name: string) {
  const heard: string[] = []
  let tell: ((event: ChangeEvent) => void) | undefined
  const close = shareStream({
    name,
    receive: (event) => heard.push(event.kind),
    hold: (receive) => {
      tell = receive
      return () => {
        tell = undefined
      }
    },
  })
  return { heard, close, holds: () => tell !== undefined, tell: (event: ChangeEvent) => tell?.(event) }
}
async function until(condition: () => boolean): Promise<void> {
  for (let attempts = 0; !condition() && attempts < 200; attempts++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(condition()).toBe(true)
}

test('of many tabs one holds the stream, and all of them hear', async () => {
  const tabs = Array.from({ length: 8 }, () => tab('one'))
  await until(() => tabs.some((each) => each.holds()))
  expect(tabs.filter((each) => each.holds())).toHaveLength(1)
  tabs.find((each) => each.holds())?.tell({ kind: 'changed', capability: 'user', targetId: null, workspaceId: null })
  await until(() => tabs.every((each) => each.heard.length === 1))
  for (const each of tabs) each.close()
})

test('when the tab that holds the stream goes, another one takes over', async () => {
  const first = tab('two')
  await until(() => first.holds())
  const second = tab('two')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(second.holds()).toBe(false)
  first.close()
  await until(() => second.holds())
  second.close()
})

test('a greeting is heard where there was a gap before it: not of the first stream, but of every further one, and of one taken over', async () => {
  const first = tab('gap')
  await until(() => first.holds())
  first.tell({ kind: 'hello' })
  first.tell({ kind: 'changed', capability: 'user', targetId: null, workspaceId: null })
  expect(first.heard).toEqual(['changed'])
  first.tell({ kind: 'hello' })
  expect(first.heard).toEqual(['changed', 'hello'])
  const second = tab('gap')
  const third = tab('gap')
  await new Promise((resolve) => setTimeout(resolve, 20))
  first.close()
  await until(() => second.holds())
  second.tell({ kind: 'hello' })
  await until(() => third.heard.length === 1)
  expect([second.heard, third.heard]).toEqual([['hello'], ['hello']])
  second.close()
  third.close()
})

test('tabs of different sessions do not hear each other', async () => {
  const ann = tab('ann')
  const ben = tab('ben')
  await until(() => ann.holds() && ben.holds())
  ann.tell({ kind: 'ended', reason: 'suspended' })
  await until(() => ann.heard.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(ben.heard).toEqual([])
  ann.close()
  ben.close()
})
