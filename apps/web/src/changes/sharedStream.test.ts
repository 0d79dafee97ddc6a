// @vitest-environment node
// Node has Web Locks and BroadcastChannel too. So “tabs” in one process share a stream as a browser's tabs do.
import type { ChangeEvent } from '@roster/domain'
import { expect, test } from 'vitest'
import { shareStream } from './sharedStream.ts'

function openTab(name: string) {
  const received: string[] = []
  let send: ((event: ChangeEvent) => void) | undefined
  const close = shareStream({
    name,
    receive: (event) => received.push(event.kind),
    connect: (receive) => {
      send = receive
      return () => {
        send = undefined
      }
    },
  })
  return { received, close, leads: () => send !== undefined, send: (event: ChangeEvent) => send?.(event) }
}
async function until(condition: () => boolean): Promise<void> {
  for (let attempts = 0; !condition() && attempts < 200; attempts++)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(condition()).toBe(true)
}

test('opens one stream for many tabs, and all of them receive its events', async () => {
  const tabs = Array.from({ length: 8 }, () => openTab('one'))
  await until(() => tabs.some((tab) => tab.leads()))
  expect(tabs.filter((tab) => tab.leads())).toHaveLength(1)
  tabs.find((tab) => tab.leads())?.send({ kind: 'changed', capability: 'user', targetId: null, workspaceId: null })
  await until(() => tabs.every((tab) => tab.received.length === 1))
  for (const tab of tabs) tab.close()
})

test('makes another tab the leader when the leader closes', async () => {
  const first = openTab('two')
  await until(() => first.leads())
  const second = openTab('two')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(second.leads()).toBe(false)
  first.close()
  await until(() => second.leads())
  second.close()
})

test('passes on a hello only after a gap: from each further stream or a new leader, not from the first stream', async () => {
  const first = openTab('gap')
  await until(() => first.leads())
  first.send({ kind: 'hello' })
  first.send({ kind: 'changed', capability: 'user', targetId: null, workspaceId: null })
  expect(first.received).toEqual(['changed'])
  first.send({ kind: 'hello' })
  expect(first.received).toEqual(['changed', 'hello'])
  const second = openTab('gap')
  const third = openTab('gap')
  await new Promise((resolve) => setTimeout(resolve, 20))
  first.close()
  await until(() => second.leads())
  second.send({ kind: 'hello' })
  await until(() => third.received.length === 1)
  expect([second.received, third.received]).toEqual([['hello'], ['hello']])
  second.close()
  third.close()
})

test('keeps the events of different sessions apart', async () => {
  const ann = openTab('ann')
  const ben = openTab('ben')
  await until(() => ann.leads() && ben.leads())
  ann.send({ kind: 'ended', reason: 'suspended' })
  await until(() => ann.received.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(ben.received).toEqual([])
  ann.close()
  ben.close()
})
