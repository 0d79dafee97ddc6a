// @vitest-environment node
// Node has BroadcastChannel too. So “tabs” in one process share a stream as a browser's tabs do.
import type { ChangeEvent } from '@roster/domain'
import { expect, onTestFinished, test } from 'vitest'
import { type LeaderStream, shareStream } from './sharedStream.ts'

const hello = (resumed = false): ChangeEvent => ({ kind: 'hello', connectionId: 'c', sessionId: 's', resumed })
const changed: ChangeEvent = { kind: 'changed', capability: 'user', targetId: null, workspaceId: null }

function openTab(name: string, lastEventId: string | null = null) {
  const received: string[] = []
  const states: boolean[] = []
  let stream: LeaderStream | undefined
  let leave: () => void = () => undefined
  const page: { visible: boolean; show: () => void } = { visible: true, show: () => undefined }
  const close = shareStream({
    name,
    lastEventId,
    receive: (event, id) => received.push(`${event.kind} ${id}`),
    onState: (open) => states.push(open),
    connect: (opened) => {
      stream = opened
      return () => {
        stream = undefined
      }
    },
    page: {
      isVisible: () => page.visible,
      listen: ({ shown, left }) => {
        leave = left
        page.show = shown
        return () => undefined
      },
    },
  })
  onTestFinished(close)
  return {
    received,
    states,
    page,
    close,
    leave: () => leave(),
    leads: () => stream !== undefined,
    stream: () => stream ?? expect.fail('this tab does not lead'),
  }
}
type Tab = ReturnType<typeof openTab>

async function leaderOf(tabs: readonly Tab[]): Promise<Tab> {
  await expect.poll(() => tabs.filter((tab) => tab.leads()).length, { timeout: 10_000 }).toBe(1)
  return tabs.find((tab) => tab.leads()) ?? expect.fail('no leader')
}
/** Opens tabs that have all heard of the leader. */
async function openTabs(name: string, count: number): Promise<{ leader: Tab; followers: Tab[] }> {
  const leader = openTab(name)
  await leaderOf([leader])
  leader.stream().receive(hello(), 'e0')
  leader.stream().onState(true)
  const followers = Array.from({ length: count - 1 }, () => openTab(name))
  await expect.poll(() => followers.every(({ states }) => states.length === 1)).toBe(true)
  return { leader, followers }
}

test('opens one stream for many tabs, and all of them receive its events', async () => {
  const tabs = Array.from({ length: 8 }, () => openTab('one'))
  const leader = await leaderOf(tabs)
  leader.stream().receive(changed, 'e1')
  await expect.poll(() => tabs.map(({ received }) => received)).toEqual(tabs.map(() => ['changed e1']))
  expect(tabs.filter((tab) => tab.leads())).toEqual([leader])
})

test('the next leader continues after the last event, when the leading tab is closed or left', async () => {
  const { leader, followers } = await openTabs('next', 3)
  expect(leader.stream().lastEventId).toBeNull()
  leader.stream().receive(changed, 'e1')
  await expect.poll(() => followers.map(({ received }) => received)).toEqual([['changed e1'], ['changed e1']])
  leader.leave()
  expect(leader.leads()).toBe(false)
  const second = await leaderOf(followers)
  expect(second.stream().lastEventId).toBe('e1')
  const [third] = followers.filter((tab) => tab !== second)
  second.close()
  expect((await leaderOf([third ?? expect.fail()])).stream().lastEventId).toBe('e1')
})

test('a tab that opens later and then leads continues where the leader was', async () => {
  const { leader } = await openTabs('later', 1)
  leader.stream().receive(changed, 'e1')
  const late = openTab('later')
  await expect.poll(() => late.states).toEqual([true])
  leader.close()
  expect((await leaderOf([late])).stream().lastEventId).toBe('e1')
  expect(late.received).toEqual([])
})

test('leaves out the hello of the first stream, and passes on those after a gap', async () => {
  const { leader, followers } = await openTabs('gap', 2)
  expect(leader.received).toEqual([])
  leader.stream().receive(hello(), 'e1')
  await expect.poll(() => [leader, ...followers].map(({ received }) => received)).toEqual([['hello e1'], ['hello e1']])
  // A tab that followed another session before has a gap, too.
  const again = openTab('another session', 'e0')
  await leaderOf([again])
  expect(again.stream().lastEventId).toBe('e0')
  again.stream().receive(hello(), 'e2')
  expect(again.received).toEqual(['hello e2'])
})

test('every tab knows whether the stream is open', async () => {
  const { leader, followers } = await openTabs('state', 2)
  for (const open of [false, false, true]) leader.stream().onState(open)
  await expect.poll(() => followers[0]?.states).toEqual([true, false, true])
  expect(leader.states).toEqual([true, false, true])
})

test('a hidden leader that loses its stream leaves it to a visible tab', async () => {
  const { leader, followers } = await openTabs('hidden', 2)
  followers[0]?.page.show()
  // Its question has arrived when its answer has.
  leader.stream().receive(changed, 'e1')
  await expect.poll(() => followers[0]?.received).toEqual(['changed e1'])
  leader.page.visible = false
  await expect
    .poll(() => {
      if (leader.leads()) leader.stream().onState(false)
      return leader.leads()
    })
    .toBe(false)
  expect((await leaderOf(followers)).stream().lastEventId).toBe('e1')
})

test('keeps the events of different sessions apart', async () => {
  const [ann, annToo, ben] = [openTab('ann'), openTab('ann'), openTab('ben')]
  const leader = await leaderOf([ann, annToo])
  await leaderOf([ben])
  leader.stream().receive({ kind: 'ended', reason: 'suspended' }, 'e1')
  await expect.poll(() => [ann.received, annToo.received]).toEqual([['ended e1'], ['ended e1']])
  ben.stream().receive(changed, 'e2')
  expect(ben.received).toEqual(['changed e2'])
})
