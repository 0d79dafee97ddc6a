import { refuse } from '@roster/domain'

const NO_WAIT = 2
const WAITING_MAX = 50

let running = 0
const waiting: (() => void)[] = []

/** Of what can wait, one at a time, and only while nobody else does: so a place is always left for who signs in. */
let lateRunning = false
const late: (() => void)[] = []

/** Run a hashing, at most two at once on this node; others wait in a queue of 50. @throws BUSY when the queue is full. */
export async function hashQueue<T>(work: () => Promise<T>): Promise<T> {
  if (running >= NO_WAIT) {
    if (waiting.length >= WAITING_MAX) throw refuse('BUSY', {})
    // Whoever finishes hands their place on, so `running` stays as it is.
    await new Promise<void>((go) => waiting.push(go))
  } else running++
  return finishing(work)
}

/** As `hashQueue`, for what nobody waits for at the screen, such as an import's passwords: it lets everybody else go first. @throws BUSY */
export async function backgroundHashQueue<T>(work: () => Promise<T>): Promise<T> {
  if (late.length >= WAITING_MAX) throw refuse('BUSY', {})
  await new Promise<void>((go) => {
    late.push(go)
    letLateIn()
  })
  try {
    return await finishing(work)
  } finally {
    lateRunning = false
    letLateIn()
  }
}

async function finishing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else {
      running--
      letLateIn()
    }
  }
}

function letLateIn(): void {
  if (lateRunning || running >= NO_WAIT || waiting.length > 0) return
  const next = late.shift()
  if (!next) return
  lateRunning = true
  running++
  next()
}
