// @vitest-environment node
import { expect, test } from 'vitest'
import { type Election, type ElectionMessage, joinElection } from './leaderElection.ts'

/** Tabs with a clock and a channel that the test moves: nothing here waits for real time. */
function browser() {
  let time = 0
  const timers = new Set<{ at: number; run: () => void; tab: Tab }>()
  const tabs: Tab[] = []
  type Tab = {
    election: Election
    visible: boolean
    /** A frozen tab runs neither timers nor handlers; both wait. */
    frozen: boolean
    inbox: ElectionMessage[]
    leads: boolean
  }

  function deliver(): void {
    for (let tab = next(); tab; tab = next()) {
      const message = tab.inbox.shift()
      if (message) tab.election.receive(message)
    }
  }
  function next(): Tab | undefined {
    return tabs.find(({ frozen, inbox }) => !frozen && inbox.length > 0)
  }
  function open({ visible = true } = {}): Tab {
    const tab = { visible, frozen: false, inbox: [], leads: false } as unknown as Tab
    tab.election = joinElection({
      post: (message) => {
        for (const other of tabs) if (other !== tab) other.inbox.push(message)
      },
      isVisible: () => tab.visible,
      onLead: () => {
        tab.leads = true
      },
      onStepDown: () => {
        tab.leads = false
      },
      now: () => time,
      schedule: (run, ms) => {
        const timer = { at: time + ms, run, tab }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    })
    tabs.push(tab)
    return tab
  }
  /** A crashed or closed tab. */
  function remove(tab: Tab): void {
    tabs.splice(tabs.indexOf(tab), 1)
    for (const timer of timers) if (timer.tab === tab) timers.delete(timer)
  }
  function pass(ms: number): void {
    const end = time + ms
    for (;;) {
      deliver()
      const [due] = [...timers].filter(({ tab }) => !tab.frozen).sort((a, b) => a.at - b.at)
      if (!due || due.at > end) break
      time = Math.max(time, due.at)
      timers.delete(due)
      due.run()
    }
    time = end
  }
  return { open, remove, pass, tabs, leaders: () => tabs.filter(({ leads }) => leads) }
}

test('elects one leader among tabs that open together, a visible one first', () => {
  const { open, pass, tabs, leaders } = browser()
  open({ visible: false })
  for (let count = 0; count < 7; count++) open()
  pass(1_000)
  expect(leaders()).toHaveLength(1)
  expect(leaders()[0]?.visible).toBe(true)
  expect(tabs.filter(({ election }) => election.role === 'follower')).toHaveLength(7)
  expect(new Set(tabs.map(({ election }) => election.term))).toEqual(new Set([1]))
})

test('keeps its leader when tabs open, close and stay for hours', () => {
  const { open, remove, pass, leaders } = browser()
  const first = open()
  pass(200)
  const second = open({ visible: false })
  open()
  pass(3_600_000)
  second.election.stop()
  remove(second)
  pass(60_000)
  expect(leaders()).toEqual([first])
  expect(first.election.term).toBe(1)
})

test('has a new leader right after the leading tab closes', () => {
  const { open, remove, pass, leaders } = browser()
  const first = open()
  pass(200)
  const others = [open(), open(), open({ visible: false })]
  pass(1_000)
  first.election.stop()
  pass(0)
  remove(first)
  pass(200)
  expect(leaders()).toHaveLength(1)
  expect(others.slice(0, 2)).toContain(leaders()[0])
})

test.each([
  ['visible', true, 5_000],
  ['hidden', false, 20_000],
])('a %s tab takes over when the leading tab crashes', (_name, visible, ms) => {
  const { open, remove, pass, leaders } = browser()
  const first = open()
  pass(200)
  const second = open({ visible })
  pass(1_000)
  remove(first)
  pass(ms)
  expect(leaders()).toEqual([second])
})

test('a hidden tab that is shown asks at once whether the leader lives', () => {
  const { open, remove, pass, leaders } = browser()
  const first = open()
  pass(200)
  const second = open({ visible: false })
  pass(1_000)
  remove(first)
  second.visible = true
  second.election.check()
  pass(1_200)
  expect(leaders()).toEqual([second])
})

test('takes over from a frozen tab, which steps down when it wakes up', () => {
  const { open, pass, leaders } = browser()
  const first = open()
  pass(200)
  const second = open()
  pass(1_000)
  first.frozen = true
  pass(5_000)
  expect(leaders()).toEqual([first, second])
  first.frozen = false
  pass(0)
  expect(leaders()).toEqual([second])
  expect(first.election.role).toBe('follower')
  pass(60_000)
  expect(leaders()).toEqual([second])
})

test('does not lose its leader to a claim while that one is merely slow', () => {
  const { open, pass, leaders } = browser()
  const first = open()
  pass(200)
  first.frozen = true
  open()
  pass(100)
  first.frozen = false
  pass(1_000)
  expect(leaders()).toEqual([first])
})

test('a hidden leader leaves the lead to a visible tab that asked lately, and to no other', () => {
  const { open, pass, leaders } = browser()
  const first = open({ visible: true })
  pass(200)
  const hidden = open({ visible: false })
  pass(30_000)
  first.visible = false
  expect(first.election.shouldResign()).toBe(false)
  const shown = open()
  pass(3_000)
  expect(first.election.shouldResign()).toBe(true)
  expect(hidden.election.shouldResign()).toBe(false)
  first.election.resign()
  pass(200)
  expect(leaders()).toEqual([shown])
})

test('a leader that resigned leads again when no other tab is left', () => {
  const { open, pass, leaders } = browser()
  const only = open()
  pass(200)
  only.election.resign()
  expect(leaders()).toEqual([])
  pass(2_000)
  expect(leaders()).toEqual([only])
  expect(only.election.term).toBe(2)
})

test('settles two leaders of one term', () => {
  const { open, pass, tabs, leaders } = browser()
  const [first, second] = [open(), open()]
  // Neither hears the other in time.
  for (const tab of tabs) tab.inbox.length = 0
  first.frozen = true
  pass(200)
  first.inbox.length = 0
  second.frozen = true
  first.frozen = false
  pass(200)
  expect(leaders()).toHaveLength(2)
  second.frozen = false
  pass(5_000)
  expect(leaders()).toHaveLength(1)
})
