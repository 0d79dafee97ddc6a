import { type Schedule, schedule as scheduleTimer } from '@roster/domain'

/** What tabs say to each other. Each leader has a higher term than the one before. */
export type ElectionMessage = { from: string } & (
  | { kind: 'ask'; visible: boolean }
  | { kind: 'claim'; visible: boolean; term: number }
  | { kind: 'lead'; term: number }
  | { kind: 'resign'; term: number }
)

/** How long a leader has to contradict a claim. Milliseconds. */
const CLAIM_MS = 150
/** A hidden tab claims this much later, since browsers slow its timers down. Milliseconds. */
const HIDDEN_MS = 400
/** How long a visible tab, and a hidden one, hears nothing of the leader before it asks. Milliseconds. */
const SILENCE_MS = 2_000
const HIDDEN_SILENCE_MS = 15_000
/** How long a leader has to answer. Milliseconds. */
const ANSWER_MS = 1_000
/** How long a tab that gave way waits for the new leader. Milliseconds. */
const YIELD_MS = 1_000

interface ElectionOptions {
  post: (message: ElectionMessage) => void
  isVisible: () => boolean
  /** This tab leads from now on. */
  onLead: () => void
  /** This tab leads no longer. */
  onStepDown: () => void
  schedule?: Schedule
  now?: () => number
}

/** A tab's part in the election. */
export interface Election {
  readonly id: string
  readonly term: number
  readonly role: 'candidate' | 'follower' | 'leader'
  /** Handles another tab's message. */
  receive: (message: ElectionMessage) => void
  /** Asks at once whether the leader still answers. */
  check: () => void
  /** Leaves the lead to another tab. */
  resign: () => void
  /** Whether this tab is hidden, and a visible one could lead. */
  shouldResign: () => boolean
  stop: () => void
}

/**
 * Elects one leader among tabs that hear each other's messages. Needs no lock, so it works without a secure context.
 *
 * A tab claims the next term and leads unless a leader contradicts, or a better tab claims too: a visible one, then the
 * lower id. Followers ask a silent leader, which answers from its message handler, since browsers slow down the timers
 * of hidden tabs. Without an answer a follower claims. Two leaders, after a delay, settle it with their next message:
 * the higher term leads.
 */
export function joinElection(options: ElectionOptions): Election {
  const { post, isVisible, onLead, onStepDown, schedule = scheduleTimer, now = () => performance.now() } = options
  // `randomUUID` needs a secure context.
  const id = crypto.getRandomValues(new Uint32Array(4)).join('-')
  let role: Election['role'] = 'candidate'
  let term = 0
  let isHeard = false
  let visibleFollowerAt = Number.NEGATIVE_INFINITY
  let cancel: () => void = () => undefined

  function later(run: () => void, ms: number): void {
    cancel()
    cancel = schedule(run, ms)
  }
  function claim(): void {
    role = 'candidate'
    post({ kind: 'claim', from: id, visible: isVisible(), term: term + 1 })
    later(lead, isVisible() ? CLAIM_MS : CLAIM_MS + HIDDEN_MS)
  }
  function lead(): void {
    cancel()
    role = 'leader'
    term++
    announce()
    onLead()
  }
  function announce(): void {
    post({ kind: 'lead', from: id, term })
  }
  function follow(): void {
    role = 'follower'
    isHeard = false
    later(() => (isHeard ? follow() : check()), isVisible() ? SILENCE_MS : HIDDEN_SILENCE_MS)
  }
  function check(): void {
    if (role !== 'follower') return
    isHeard = false
    post({ kind: 'ask', from: id, visible: isVisible() })
    later(() => (isHeard ? follow() : claim()), ANSWER_MS)
  }
  function resign(): void {
    if (role !== 'leader') return
    role = 'candidate'
    post({ kind: 'resign', from: id, term })
    onStepDown()
    later(claim, YIELD_MS)
  }

  function hearLeader(message: { from: string; term: number }): void {
    const isStale = message.term < term || (message.term === term && role === 'leader' && id < message.from)
    if (isStale) {
      if (role === 'leader') announce()
      return
    }
    term = message.term
    isHeard = true
    if (role === 'leader') onStepDown()
    if (role !== 'follower') follow()
  }
  function hearClaim(message: { from: string; visible: boolean }): void {
    if (role === 'leader') announce()
    if (role !== 'candidate') return
    const isBetter = message.visible === isVisible() ? message.from < id : message.visible
    if (isBetter) later(claim, YIELD_MS)
  }

  claim()
  return {
    id,
    get term() {
      return term
    },
    get role() {
      return role
    },
    receive(message) {
      switch (message.kind) {
        case 'lead':
          return hearLeader(message)
        case 'claim':
          return hearClaim(message)
        case 'ask':
          if (message.visible) visibleFollowerAt = now()
          if (role === 'leader') announce()
          return
        case 'resign':
          if (message.term < term || role === 'leader') return
          term = message.term
          return claim()
      }
    },
    check,
    resign,
    shouldResign: () => role === 'leader' && !isVisible() && now() - visibleFollowerAt < 3 * SILENCE_MS,
    stop() {
      cancel()
      if (role === 'leader') post({ kind: 'resign', from: id, term })
      role = 'follower'
    },
  }
}
